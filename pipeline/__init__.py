"""Registry records in, CDISC SDTM trial-design datasets out, every cell with the words it rests
on.
"""

__version__ = "0.1.0"
