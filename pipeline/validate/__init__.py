"""Tables to findings: expectations and native rules from one table, define.xml, one report."""
