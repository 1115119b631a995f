"""The OIDs by which define.xml and Dataset-JSON name the same things."""


def define_oid(study: str) -> str:
    """The define.xml file of a study, by the name of its folder."""
    return f"DEF.{study}"


def data_oid(study: str, domain: str) -> str:
    """The Dataset-JSON file of a study's dataset."""
    return f"DATA.{study}.{domain}"


def study_oid(study: str) -> str:
    """The study, by the name of its folder."""
    return f"STDY.{study}"


def metadata_oid(study: str) -> str:
    """The study's metadata version."""
    return f"MDV.{study}"


def dataset_oid(domain: str) -> str:
    """A dataset of the study."""
    return f"IG.{domain}"


def variable_oid(domain: str, variable: str) -> str:
    """A variable of a dataset."""
    return f"IT.{domain}.{variable}"
