"""What goes out: blank forms for submissions, data from one format into another, and what we publish ourselves.

    template ── a workbook, a header row or a schema to fill
    convert ─── any format that is read ──▶ statements ──▶ any format that is written
    export ──── ontology, shapes, Framework, context, schema, index; as StratML and as a diagram

The calls are in `bicentennial.api`; nothing heavy is imported before one is made.
"""
