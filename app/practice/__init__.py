"""Practice servers: stand-ins for the systems of record, with faults on command.

They are written from the contracts alone and share no code with what they stand in for.
"""

from app.practice.magento import PracticeMagento
from app.practice.printsmith import PracticePrintSmith

SYSTEMS = {"printsmith": PracticePrintSmith, "magento": PracticeMagento}
"""Every practice server by the name of its kind of system."""
