"""Timelines of transactions: records whose lines are observed as a complete set (rules 1, 3 and 6)."""

from __future__ import annotations

CHANGES = "change_type <> 'created'"


def test_a_line_is_inserted_before_its_twin(any_order):
    """Lines of other products keep their names; those of this product are counted in file order."""
    any_order.deliver("""
        Invoice_04_01_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount | QuickBooks Internal Id
            1001       | AK-4            | 1                        | 30           | 1A2B3-1637186072
            1001       | Bolt            | 7                        | 30           | 1A2B3-1637186072
            1001       | AK-4            | 2                        | 30           | 1A2B3-1637186072

        Invoice_04_02_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount | QuickBooks Internal Id
            1001       | AK-4            | 9                        | 30           | 1A2B3-1637186072
            1001       | AK-4            | 1                        | 30           | 1A2B3-1637186072
            1001       | Bolt            | 7                        | 30           | 1A2B3-1637186072
            1001       | AK-4            | 2                        | 30           | 1A2B3-1637186072
    """)
    any_order.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key       | quickbooks_id    | product_service | occurrence | quantity | from           | to
        1A2B3-1637186072 | 1A2B3-1637186072 | AK-4            | 1          | 1        | 04-01 02:00:00 | 04-02 02:00:00
        1A2B3-1637186072 | 1A2B3-1637186072 | AK-4            | 1          | 9        | 04-02 02:00:00 |
        1A2B3-1637186072 | 1A2B3-1637186072 | AK-4            | 2          | 2        | 04-01 02:00:00 | 04-02 02:00:00
        1A2B3-1637186072 | 1A2B3-1637186072 | AK-4            | 2          | 1        | 04-02 02:00:00 |
        1A2B3-1637186072 | 1A2B3-1637186072 | AK-4            | 3          | 2        | 04-02 02:00:00 |
        1A2B3-1637186072 | 1A2B3-1637186072 | Bolt            | 1          | 7        | 04-01 02:00:00 |
        """,
    )
    any_order.shows(
        "snapshots.invoices_snapshot",
        """
        invoice_no | total_amount | from           | to
        1001       | 30           | 04-01 02:00:00 |
        """,
    )


def test_a_transaction_loses_lines_and_finds_them_again(any_order):
    """A partial export closes no transaction, and yet every line that a transaction no longer has."""
    any_order.deliver("""
        Invoice_04_01_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-4            | 1                        | 30
            1001       | Bolt            | 7                        | 30
            1002       | AK-4            | 5                        | 50

        Invoice_04_02_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | Bolt            | 7                        | 20

        Invoice_04_03_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | Bolt            | 7                        | 20

        Invoice_04_04_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-4            | 1                        | 30
            1001       | Bolt            | 7                        | 30
    """)
    any_order.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key | product_service | quantity | from           | to
        1001       | AK-4            | 1        | 04-01 02:00:00 | 04-02 02:00:00
        1001       | AK-4            | 1        | 04-04 02:00:00 |
        1001       | Bolt            | 7        | 04-01 02:00:00 |
        1002       | AK-4            | 5        | 04-01 02:00:00 |
        """,
    )


def test_a_transaction_loses_all_its_lines(any_order):
    """A row with a blank product shows the header and no line."""
    any_order.deliver("""
        Invoice_04_01_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Status | Total Amount
            1001       | AK-4            | 1                        | Open   | 30

        Invoice_04_02_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Status | Total Amount
            1001       |                 |                          | Closed | 0

        Invoice_04_03_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Status | Total Amount
            1001       |                 |                          | Closed | 0
    """)
    any_order.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key | product_service | quantity | from           | to
        1001       | AK-4            | 1        | 04-01 02:00:00 | 04-02 02:00:00
        """,
    )
    any_order.shows(
        "snapshots.invoices_snapshot",
        """
        invoice_no | status | total_amount | from           | to
        1001       | Open   | 30           | 04-01 02:00:00 | 04-02 02:00:00
        1001       | Closed | 0            | 04-02 02:00:00 |
        """,
    )
    any_order.shows(
        "marts.invoice_history",
        """
        invoice_no | column_name  | old_value | new_value | changed_at     | change_type
        1001       | status       | Open      | Closed    | 04-02 02:00:00 | changed
        1001       | total_amount | 30        | 0         | 04-02 02:00:00 | changed
        """,
        where=CHANGES,
    )


def test_a_transactions_header_is_that_of_its_last_row(any_order):
    any_order.deliver("""
        Invoice_04_01_2025_2_00_00.csv
            Invoice No | Product/Service | Memo  | Total Amount
            1001       | AK-4            | first | 30
            1001       | Bolt            | last  | 31
    """)
    any_order.shows(
        "snapshots.invoices_snapshot",
        """
        invoice_no | memo | total_amount | from           | to
        1001       | last | 31           | 04-01 02:00:00 |
        """,
    )


def test_lines_end_with_their_transaction_and_return_with_it(any_order):
    any_order.deliver("""
        invoice_all_04_01_2025.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-4            | 1                        | 30
            1001       | Bolt            | 7                        | 30
            1002       | AK-4            | 5                        | 50

        invoice_all_04_02_2025.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1002       | AK-4            | 5                        | 50

        Invoice_04_03_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | Bolt            | 8                        | 40

        Invoice_04_04_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-4            | 1                        | 40
            1001       | Bolt            | 8                        | 40
    """)
    any_order.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key | product_service | quantity | from           | to
        1001       | AK-4            | 1        | 04-01          | 04-02
        1001       | AK-4            | 1        | 04-04 02:00:00 |
        1001       | Bolt            | 7        | 04-01          | 04-02
        1001       | Bolt            | 8        | 04-03 02:00:00 |
        1002       | AK-4            | 5        | 04-01          |
        """,
    )
    any_order.shows(
        "marts.invoice_history",
        """
        invoice_no | column_name  | old_value | new_value | changed_at     | change_type
        1001       | _record      | active    |           | 04-02          | deleted
        1001       | _record      |           | active    | 04-03 02:00:00 | restored
        1001       | total_amount | 30        | 40        | 04-03 02:00:00 | changed
        """,
        where=CHANGES,
    )


def test_two_files_of_one_moment_leave_the_lines_of_the_full_one(any_order):
    """Transaction 1002 and the bolts of 1001 stand in the partial export alone: they were not there."""
    any_order.deliver("""
        Invoice_04_01_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | Bolt            | 7                        | 30
            1002       | AK-4            | 5                        | 50

        Invoice_04_03_2025_0_00_00.csv
            Invoice No | Product/Service | Product/Service Quantity | Product/Service Description | Total Amount
            1001       | AK-4            | 1                        | Anchor kit                  | 30
            1001       | Bolt            | 8                        | Bolt M8                     | 30
            1002       | AK-4            | 6                        | Anchor kit                  | 60
            1003       | AK-4            | 1                        | Anchor kit                  | 10

        invoice_all_04_03_2025.csv
            Invoice No | Product/Service | Product/Service Quantity | Total Amount
            1001       | AK-4            | 2                        | 20
    """)
    any_order.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key | product_service | quantity | description | from           | to
        1001       | AK-4            | 2        | Anchor kit  | 04-03          |
        1001       | Bolt            | 7        |             | 04-01 02:00:00 | 04-03
        1002       | AK-4            | 5        |             | 04-01 02:00:00 | 04-03
        """,
    )
    any_order.shows(
        "snapshots.invoices_snapshot",
        """
        invoice_no | total_amount | from           | to
        1001       | 30           | 04-01 02:00:00 | 04-03
        1001       | 20           | 04-03          |
        1002       | 50           | 04-01 02:00:00 | 04-03
        """,
    )


def test_a_narrower_template_changes_no_line(any_order):
    """Nor does it when the line was gone in between."""
    any_order.deliver("""
        Invoice_04_01_2025_2_00_00.csv
            Invoice No | Class | Product/Service | Product/Service Quantity | Product/Service Class | Total Amount
            1001       | East  | AK-4            | 1                        | Retail                | 30
            1001       | East  | Bolt            | 7                        |                       | 30

        Invoice_04_02_2025_2_00_00.csv
            Invoice No | Class | Product/Service | Total Amount
            1001       | West  | Bolt            | 30

        Invoice_04_03_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Class | Total Amount
            1001       | AK-4            | Retail                | 30
            1001       | Bolt            |                       | 30
    """)
    any_order.shows(
        "snapshots.invoice_lines_snapshot",
        """
        record_key | product_service | quantity | class  | from           | to
        1001       | AK-4            | 1        | Retail | 04-01 02:00:00 | 04-02 02:00:00
        1001       | AK-4            | 1        | Retail | 04-03 02:00:00 |
        1001       | Bolt            | 7        |        | 04-01 02:00:00 |
        """,
    )
    any_order.shows(
        "snapshots.invoices_snapshot",
        """
        invoice_no | class | from           | to
        1001       | East  | 04-01 02:00:00 | 04-02 02:00:00
        1001       | West  | 04-02 02:00:00 |
        """,
    )


def test_a_percentage_becomes_a_unit_price(any_order):
    any_order.deliver("""
        Invoice_04_01_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Rate | Product/Service  Amount | Total Amount
            1001       | Sales tax       | 6.625%               | 1.99                    | 31.99

        Invoice_04_02_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Rate | Product/Service  Amount | Total Amount
            1001       | Sales tax       | 6.6250 %             | $1.99                   | 31.99

        Invoice_04_03_2025_2_00_00.csv
            Invoice No | Product/Service | Product/Service Rate | Product/Service  Amount | Total Amount
            1001       | Sales tax       | 6.625                | 1.990                   | 31.99
    """)
    any_order.shows(
        "snapshots.invoice_lines_snapshot",
        """
        product_service | rate  | rate_percent | amount | from           | to
        Sales tax       |       | 6.625        | 1.99   | 04-01 02:00:00 | 04-03 02:00:00
        Sales tax       | 6.625 |              | 1.99   | 04-03 02:00:00 |
        """,
    )


def test_sales_receipts_have_lines_and_history_too(any_order):
    any_order.deliver("""
        sales_receipt_all_04_01_2025.csv
            Sales Receipt No | Sales Receipt Date | Product/Service | Product/Service Amount | Total Amount
            W-8075           | 02-04-2025         | AK-4            | 70.00                  | 95.77
            W-8075           | 02-04-2025         | Shipping        | 25.77                  | 95.77
            W-8076           | 02-05-2025         | AK-4            | 70.00                  | 70.00

        Sales Receipt_04_02_2025_2_00_00.csv
            Sales Receipt No | Sales Receipt Date | Product/Service | Product/Service Amount | Total Amount
            W-8075           | 02/04/2025         | AK-4            | 70                     | 70.00

        01_BACKUP_Sales_04_03_2025.csv
            Sales Receipt No | Sales Receipt Date | Product/Service | Product/Service Amount | Total Amount
            W-8075           | 2025-02-04         | AK-4            | 70                     | 70.00
    """)
    any_order.shows(
        "snapshots.sales_receipt_lines_snapshot",
        """
        record_key | product_service | amount | from  | to
        W-8075     | AK-4            | 70     | 04-01 |
        W-8075     | Shipping        | 25.77  | 04-01 | 04-02 02:00:00
        W-8076     | AK-4            | 70     | 04-01 | 04-03
        """,
    )
    any_order.shows(
        "marts.sales_receipt_history",
        """
        sales_receipt_no | column_name  | old_value | new_value | changed_at     | change_type
        W-8075           | total_amount | 95.77     | 70        | 04-02 02:00:00 | changed
        W-8076           | _record      | active    |           | 04-03          | deleted
        """,
        where=CHANGES,
    )
