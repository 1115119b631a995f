from tests.golden import HERE, golden

for name, text in golden().items():
    (HERE / name).write_text(text, encoding="utf-8")
