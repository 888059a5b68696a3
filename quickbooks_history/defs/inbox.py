"""The inbox: what people and sync folders drop, one external asset for each entity."""

from __future__ import annotations

import dagster as dg

from quickbooks_history.company import asset_key
from quickbooks_history.defs.project import owners, source_schema
from quickbooks_history.exports.contract import ENTITIES, Entity


def inbox_key(entity: str) -> dg.AssetKey:
    """Key of the asset that stands for an entity's export files."""
    return asset_key("exports", entity)


def _spec(entity: Entity) -> dg.AssetSpec:
    names = [f"`{entity.partial_prefix}_MM_DD_YYYY_H_MM_SS.csv` (partial)"]
    names += [f"`{prefix}_MM_DD_YYYY.csv` (full)" for prefix in entity.full_prefixes]
    return dg.AssetSpec(
        inbox_key(entity.name),
        description=f"Export files of {entity.name.replace('_', ' ')} in the inbox: {', '.join(names)}.",
        group_name="exports",
        kinds={"csv"},
        owners=owners("exports"),
        metadata={
            "dagster/column_schema": source_schema(
                "raw",
                entity.name,
                dict.fromkeys(entity.headers, "text"),
                required=frozenset(column.header for column in entity.required),
            )
        },
    )


INBOX = [_spec(entity) for entity in ENTITIES.values()]
