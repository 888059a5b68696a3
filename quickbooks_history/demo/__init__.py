"""A made-up company whose exports show every quirk that real ones have, for the demo, tests, benchmarks."""

from quickbooks_history.demo.bulk import write_items_export
from quickbooks_history.demo.company import write_exports
from quickbooks_history.demo.story import STORY, Event, told

__all__ = ["STORY", "Event", "told", "write_exports", "write_items_export"]
