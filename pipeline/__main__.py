"""`python -m pipeline` is the command `registry-sdtm`."""

from pipeline.cli import app

app(prog_name="registry-sdtm")
