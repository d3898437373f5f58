"""What a look at a carrier file found, and why a row or a file could not be read, in words."""

from app.core.words import Sentence, Who

_EXPORT_AGAIN = "Export the file again without opening it in a spreadsheet, or with text columns."
_MAPPING = "Choose the column for it."

SENTENCES: dict[str, Sentence] = {
    # one row
    "number_scientific": Sentence(
        "A spreadsheet damaged the number “{value}”", _EXPORT_AGAIN, Who.DESK
    ),
    "number_rounded": Sentence(
        "A spreadsheet rounded the number “{value}”: its last digits are lost",
        _EXPORT_AGAIN,
        Who.DESK,
    ),
    "cell_undecodable": Sentence(
        "“{value}” holds a character that cannot be read", "Export the file as UTF-8.", Who.DESK
    ),
    "void_unknown": Sentence(
        "“{value}” in the void column says neither yes nor no",
        "Check that the right column is taken for voids.",
        Who.DESK,
    ),
    "date_order": Sentence(
        "“{value}” can be read in two ways: day first or month first",
        "Choose the order of dates in the settings of this file.",
        Who.DESK,
    ),
    "date_unreadable": Sentence(
        "“{value}” is no date that is known here",
        "Check the date column, or set the form of its dates.",
        Who.DESK,
    ),
    "amount_mark": Sentence(
        "“{value}” can be read in two ways: with decimals or with thousands",
        "Choose the decimal mark in the settings of this file.",
        Who.DESK,
    ),
    "amount_unreadable": Sentence(
        "“{value}” is no amount", "Check that the right column is taken for the cost.", Who.DESK
    ),
    "row_quote": Sentence(
        "A quotation mark in this row is never closed",
        "Correct the row in the carrier program and export it again.",
        Who.DESK,
    ),
    "row_broken": Sentence(
        "This row cannot be taken apart into columns",
        "Correct the row in the carrier program and export it again.",
        Who.DESK,
    ),
    "row_short": Sentence(
        "This row is too short: it ends at column {count} of {width}",
        "Correct the row in the carrier program and export it again.",
        Who.DESK,
    ),
    "row_cut": Sentence(
        "The file ends in the middle of this row",
        "Export the file again. Rows that were read already do not come twice.",
        Who.DESK,
    ),
    "label_failed": Sentence(
        "WorldShip made no label for {order}: {message}",
        "Correct the shipment in WorldShip and make the label there.",
        Who.DESK,
    ),
    # the whole file
    "file_empty": Sentence("The file is empty", "Export it again.", Who.DESK),
    "file_workbook": Sentence(
        "This is a spreadsheet's own file, not text", "Save it as CSV, then try again.", Who.DESK
    ),
    "file_pdf": Sentence(
        "This is a PDF, not an export", "Export a text file from the carrier program.", Who.DESK
    ),
    "file_no_text": Sentence(
        "This file holds no text", "Export a text file from the carrier program.", Who.DESK
    ),
    "file_no_lines": Sentence(
        "There is no line break within {limit} kB, so this is no list of parcels",
        "Check that it is the right file.",
        Who.DESK,
    ),
    "file_encoding": Sentence(
        "The encoding “{encoding}” is not read here", "Choose one of: {encodings}.", Who.DESK
    ),
    "file_not_examined": Sentence(
        "Nobody has looked yet how this file is laid out", "Open its preview first.", Who.DESK
    ),
    "file_unmapped": Sentence("No column is chosen for the {meaning}", _MAPPING, Who.DESK),
    "file_column_missing": Sentence(
        "The file has no column “{column}”; it has: {names}", _MAPPING, Who.DESK
    ),
    "file_column_number": Sentence(
        "The file has no column {column}; it has {count}", _MAPPING, Who.DESK
    ),
    "file_column_twice": Sentence(
        "Several columns are called “{column}”: {numbers}",
        "Choose one of them by its number.",
        Who.DESK,
    ),
    "file_no_header": Sentence(
        "“{column}” cannot be found: the file has no header row",
        "Choose the column by its number.",
        Who.DESK,
    ),
    "xml_unreadable": Sentence(
        "The XML file is broken: {reason}", "Have it written again.", Who.DESK
    ),
    "xml_refused": Sentence(
        "The XML file brings definitions of its own (a DOCTYPE); such a file is not read",
        "Ask where it comes from.",
        Who.DESK,
    ),
    "xml_too_large": Sentence(
        "The XML file is larger than {limit} MB", "Check that it is the right file.", Who.DESK
    ),
    "xml_too_deep": Sentence(
        "The XML file is nested too deep", "Check that it is the right file.", Who.DESK
    ),
    "xml_foreign": Sentence(
        "This XML file is no answer of WorldShip: it begins with “{root}”",
        "Check that it is the right file.",
        Who.DESK,
    ),
    # to be settled before reading
    "date_order_open": Sentence(
        "The dates of this file can be read in two ways: day first or month first",
        "Choose the order, with Edit at a watch folder or above while you import. It is not "
        "guessed row by row.",
        Who.DESK,
    ),
    "amount_mark_open": Sentence(
        "The amounts of this file can be read in two ways",
        "Choose the decimal mark, with Edit at a watch folder or above while you import.",
        Who.DESK,
    ),
    # to be known before reading
    "void_unmapped": Sentence(
        "No column is chosen for voids: a voided label would look like a second parcel",
        "Add the void indicator to the export map in WorldShip, then choose it here.",
        Who.DESK,
    ),
    "date_unmapped": Sentence(
        "No column is chosen for the ship date",
        "Without it a number that a carrier uses again after years is taken for a repeat.",
        Who.DESK,
    ),
    "carrier_unmapped": Sentence(
        "Neither a column nor a name is chosen for the carrier",
        "Choose one. Else only numbers that name their carrier are recognised.",
        Who.DESK,
    ),
    "header_twice": Sentence(
        "Several columns have the same name: {names}", "They are chosen by number.", Who.DESK
    ),
    "rows_rejected": Sentence(
        "{count} of the first {total} rows cannot be read; the first is line {line}",
        "See the reason beside the row.",
        Who.DESK,
    ),
    "tracking_unlike": Sentence(
        "“{example}” looks like no carrier's number",
        "Check that the right column is taken for tracking numbers.",
        Who.DESK,
    ),
    "preset_worldship": Sentence(
        "WorldShip has no fixed column names: whoever made the export map chose them",
        "Compare the rows with WorldShip before the first use.",
        Who.DESK,
    ),
    "answer_unverified": Sentence(
        "The shape of this file is known from others only, not from WorldShip itself",
        "Compare the rows with WorldShip before the first use.",
        Who.DESK,
    ),
    "preset_fedex": Sentence(
        "The columns of FedEx Ship Manager, and how it marks voids, are not verified",
        "Choose every column yourself, and compare the rows.",
        Who.DESK,
    ),
    "preset_usps": Sentence(
        "The columns of DAZzle and Stamps.com are not verified; refunds may be missing",
        "Choose every column yourself, and compare the rows.",
        Who.DESK,
    ),
    # why it was taken so
    "why_encoding_bom": Sentence("The file begins with a mark that says so"),
    "why_encoding_set": Sentence("Chosen in the settings"),
    "why_encoding_nul": Sentence("Every second byte is zero, as in UTF-16 without a mark"),
    "why_encoding_utf8": Sentence("All of its beginning reads as UTF-8"),
    "why_encoding_western": Sentence("Its beginning is no UTF-8, so it is read as Western"),
    "why_delimiter": Sentence("It gives {count} columns in each of the first lines"),
    "why_delimiter_told": Sentence("The first line says so"),
    "why_delimiter_none": Sentence("No sign cuts the first lines into columns of equal number"),
    "why_header_known": Sentence("Known names stand in it: {names}"),
    "why_header_words": Sentence("The first row holds words, the rows below hold numbers"),
    "why_header_none": Sentence("The first row looks like the others"),
    "why_column_name": Sentence("Its name says so"),
    "why_order_name": Sentence("Its name says so; it is taken for the order's number"),
    "why_further": Sentence("A further reference; kept beside the order's number"),
    "why_date_order": Sentence("A day above twelve gives it away"),
    "why_decimal_mark": Sentence("The amounts give it away"),
    "why_program_names": Sentence("Only this program uses these names: {names}"),
    "why_program_numbers": Sentence("Every tracking number in it is one of {carrier}"),
    "why_program_xml": Sentence("It is the answer to WorldShip's XML Auto Import"),
    "why_program_unknown": Sentence(
        "Neither its names nor its numbers tell which program wrote it"
    ),
    "why_void_marks": Sentence("Of the first rows {count} hold it"),
    "why_void_no_marks": Sentence(
        "None of the first rows is a void; Y, Yes, True, 1, V count as one"
    ),
    "why_void_unknown": Sentence("Other words are there that say neither yes nor no: {words}"),
    "why_void_set": Sentence("Chosen in the settings; every other word is no void"),
    "why_growth_header": Sentence("Its header stands in it {count} times"),
    "why_growth_days": Sentence("It holds rows of several days"),
    "why_growth_files": Sentence("{count} files lie there: one for each export"),
    "why_growth_open": Sentence("One file does not tell"),
    "why_carrier_preset": Sentence("The program prints labels of this carrier only"),
}
