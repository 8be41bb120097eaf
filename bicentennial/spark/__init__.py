"""Checks of registers that lie in a lakehouse, by Spark: folders of Parquet, CSV and N-Triples.

The plan of our shapes is compiled to Spark's SQL beforehand (`compiled/spark.json`). Spark reads, understands and
checks; the results alone come to the driver, where they become the findings that the compiled engine gives. PySpark
(the extra `spark`) and Java are loaded by nothing else.
"""
