"""Tables to files, and back: Parquet, XPT, Dataset-JSON, define.xml, pages, lists."""
