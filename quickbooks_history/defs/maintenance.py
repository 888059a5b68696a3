"""Housekeeping: what is done to the warehouse now and then, and changes nothing that it says."""

# No postponed annotations here: Dagster reads those of an op's function when it defines it.
import dagster as dg

from quickbooks_history.company import RUN_TAGS
from quickbooks_history.defs.markdown import shown_table
from quickbooks_history.defs.resources import WAREHOUSE_POOL, WarehouseResource
from quickbooks_history.defs.retries import tried_again
from quickbooks_history.warehouse.maintenance import tidy


@dg.op(pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
def tidy_warehouse(context: dg.OpExecutionContext, warehouse: WarehouseResource) -> None:
    """Give back the space of rows that are gone, and renew the planner's statistics."""
    with tried_again(context), warehouse.turn(context.log, forward=False) as connection:
        sizes = tidy(connection)
    context.add_output_metadata(
        {
            "tables": len(sizes),
            "bytes": sum(size.after for size in sizes),
            "bytes_given_back": sum(size.before - size.after for size in sizes),
            "largest": shown_table(
                ("table", "bytes before", "bytes after"), [(size.table, size.before, size.after) for size in sizes[:30]]
            ),
        }
    )


@dg.job(tags=RUN_TAGS, description="Housekeeping in the warehouse; it changes nothing that history says.")
def maintenance() -> None:
    """Tidy the warehouse."""
    tidy_warehouse()
