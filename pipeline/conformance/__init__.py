"""CDISC's open-source rules engine (CORE) asked about every package, and its answers judged."""
