"""Makes `<version>.sql`: the database as this version of the program leaves it, for those after it to upgrade.

To be run once for a release, in its checkout, and the file kept for ever:

    uv run python tests/upgrades/make_dump.py

The loads are of every kind that the ledger knows, so that an upgrade meets each of them.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from home import Home

from quickbooks_history.warehouse import embedded

BINARIES = embedded.programs()
"""Where `pg_dump` and `psql` of the embedded server are."""

_ITEMS = "Item Name,Purchase Cost,Sales Price,Quantity On Hand,Status,QuickBooks Internal Id\n"
_CUSTOMERS = "Customer Name,Main Phone,QuickBooks Internal Id\n"
_INVOICES = (
    "Invoice No,Customer,Invoice Date,Product/Service,Product/Service Quantity,Product/Service  Amount,Total Amount,"
    "QuickBooks Internal Id\n"
)
_RECEIPTS = _INVOICES.replace("Invoice", "Sales Receipt").replace("  Amount", " Amount")

_BOLTS = [f"BOLT-{number},1,{number},10,true,B-{number}\n" for number in range(1, 13)]

FIRST = {
    "item_all_03_31_2025.csv": _ITEMS + "".join(_BOLTS) + "NUT,1,2,5,true,N-1\n",
    "customer_all_03_31_2025.csv": _CUSTOMERS + "Ace,555-1,C-1\nBest,555-2,C-2\n",
    "Invoice_04_01_2025_2_00_03.csv": _INVOICES
    + "1001,Ace,04-01-2025,NUT,2,4,7,I-1\n1001,Ace,04-01-2025,BOLT-3,1,3,7,I-1\n",
    "Sales Receipt_04_01_2025_2_00_03.csv": _RECEIPTS + "501,Best,04-01-2025,NUT,1,2,2,S-1\n",
    "Item_04_02_2025_2_00_03.csv": _ITEMS + "NUT,1,2.50,4,true,N-1\nBOLT-1,1,n/a,9,true,B-1\n",
    # The same file for the same moment again, under another name.
    "Item_04_02_2025_02_00_03.csv": _ITEMS + "NUT,1,2.50,4,true,N-1\nBOLT-1,1,n/a,9,true,B-1\n",
    "Item_04_03_2025_2_00_03.csv": "Item Name,Status\nNUT,true\n",  # rejected: columns that must be there are not
    "Item_04_04_2025_2_00_03.csv": _ITEMS + "NUT,1,99,4,true,N-1\n",  # withdrawn below
    "Customer_04_05_2025_2_00_03.csv": _CUSTOMERS.replace("Phone,", "Phone,Favourite Colour,")
    + "Ace & Co,555-9,red,C-1\n",
}
SECOND = {
    "item_all_04_10_2025.csv": _ITEMS + "".join(_BOLTS[1:]) + "NUT,1,2.75,4,true,N-1\n",  # deletes a bolt
    "item_all_04_11_2025.csv": _ITEMS + "NUT,1,2.75,4,true,N-1\n",  # held: it would delete eleven of twelve
}
WITHDRAWN = "Item_04_04_2025_2_00_03.csv"


def main() -> None:
    """Load, decide, and dump."""
    version = metadata.version("quickbooks-history")
    file = Path(__file__).with_name(f"{version}.sql")
    with tempfile.TemporaryDirectory(prefix="qbh-dump-") as folder:
        Path(folder).chmod(0o755)
        home = Home(Path(folder) / "home")
        try:
            for number, files in enumerate((FIRST, SECOND)):
                inbox = home.path / "inbox" / str(number)
                inbox.mkdir(parents=True)
                for name, text in files.items():
                    (inbox / name).write_text(text)
                load = home.qbh("load", str(inbox))
                assert load.returncode == 3, load.stdout + load.stderr
                print(load.stdout)
            withdraw = home.qbh("withdraw", WITHDRAWN)
            assert withdraw.returncode == 0, withdraw.stderr
            made = Path(folder) / "dump.sql"
            options = ("--no-owner", "--no-privileges", "--restrict-key", "upgrades", "--file", str(made))
            dump = home.run(str(BINARIES / "pg_dump"), *options, home.url())
            assert dump.returncode == 0, dump.stderr
            # Byte for byte, for there are carriage returns in it; but where it was made is nobody's business.
            file.write_bytes(made.read_bytes().replace(folder.encode(), b"/srv/quickbooks"))
        finally:
            home.qbh("stop")
    print(f"{file}: {file.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
