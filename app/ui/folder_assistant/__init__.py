"""The assistant that adds or edits a watch folder, with a preview of what its files would do."""
