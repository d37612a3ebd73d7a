"""How personal numbers are shown to those who may not see them whole (PIPL art. 51; domain.md section 2)."""


def mask_msisdn(msisdn: str) -> str:
    """Return 138****1234 for +8613800001234; other lengths keep three and four digits."""
    national = msisdn.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) > 7 else "****"


def mask_iccid(iccid: str) -> str:
    """Return the first and last four characters of an ICCID."""
    return f"{iccid[:4]} **** {iccid[-4:]}"


def mask_id(number: str) -> str:
    """Return an ID number with all but the first three and last two characters hidden."""
    return f"{number[:3]}{'*' * max(len(number) - 5, 4)}{number[-2:]}"


def mask_name(name: str) -> str:
    """Return a personal name with all but the first character hidden."""
    return name[:1] + "*" * max(len(name) - 1, 1)
