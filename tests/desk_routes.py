"""The addresses of the compliance desk, the knowledge base and a person's own data; read as `tests.routes`."""

from tests.marks import ALL, OFFICE

DESK_PAGES = {
    "lifecycle:compliance": ("", "ynnnynn"),
    "lifecycle:complaints": ("", "ynnnynn"),
    "lifecycle:subject-requests": ("", "ynnnynn"),
    "lifecycle:breaches": ("", "ynnnynn"),
    "lifecycle:matter": ("matter", "ynnnynn"),
    "lifecycle:matter-deed": ("matter close", "post ynnnynn"),
    "lifecycle:laws": ("", OFFICE),
    "lifecycle:law": ("law", OFFICE),
    "lifecycle:law-review": ("law", "post ynnnynn"),
    "lifecycle:audits": ("", "ynnnynn"),
    "lifecycle:audit-open": ("", "post ynnnynn"),
    "lifecycle:audit": ("audit", "ynnnynn"),
    "lifecycle:audit-answer": ("audit", "post ynnnynn"),
    "lifecycle:pack": ("", "ynnnynn"),
    "lifecycle:pack-preview": ("", "ynnnynn"),
    "lifecycle:pack-made": ("pack", "ynnnynn"),
    "lifecycle:retention": ("", "ynnnynn"),
    "lifecycle:retention-confirm": ("retention", "post ynnnynn"),
    "lifecycle:erase": ("person", "ynnnynn"),
    "lifecycle:purposes": ("", "ynnnynn"),
    "lifecycle:knowledge": ("", OFFICE),
    "lifecycle:article": ("article", OFFICE),
    "lifecycle:article-new": ("", "yyynynn"),
    "lifecycle:article-change": ("article", "yyynynn"),
    "lifecycle:contacts": ("", OFFICE),
    "lifecycle:my-data": ("", ALL),
}
