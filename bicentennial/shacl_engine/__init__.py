"""SHACL for any data: the form of shapes graphs, regular expressions of XPath, and the public call with its report.

Nothing here knows of the Framework. The engines are `compiled`, which runs shapes as SQL (`plan`, `sql`), and pySHACL.

    api ─▶ checking ─▶ engines ─▶ plan, sql │ pyshacl ─▶ shapes ─▶ results, lexical
"""
