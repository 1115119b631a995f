"""Tables to findings: expectations and native rules from one table of rules, define.xml, one report."""
