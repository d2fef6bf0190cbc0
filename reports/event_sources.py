"""Where each time of ADTTE comes from: the dataset, the variable and the row of the event or the last count."""

import pandas as pd

OF_EVENT = {
    "response": ("ADLB", "ADY"),
    "count": ("ADLB", "ADY"),
    "bleeding": ("ADQS", "ADY"),
    "rescue": ("ADCM", "ASTDY"),
    "new_therapy": ("ADCM", "ASTDY"),
    "death": ("ADSL", "DTHDY"),
    "": ("ADLB", "ADY"),  # censored at a count
}
FIRST_USED = 2  # day 1 without a later count is the origin, not a count


def with_sources(adtte: pd.DataFrame, adlb: pd.DataFrame) -> pd.DataFrame:
    """`adtte` with SRCDOM, SRCVAR and SRCSEQ; SRCSEQ is ASEQ of the count in the emitted `adlb` on day ADY."""
    counts = adlb.loc[adlb["ANL01FL"] == "Y", ["USUBJID", "ADY", "ASEQ"]].astype({"ADY": float})
    found = adtte[["USUBJID", "ADY"]].merge(counts, on=["USUBJID", "ADY"], how="left")
    row = pd.Series(found["ASEQ"].to_numpy(dtype=float, na_value=float("nan")), adtte.index)
    domain = adtte["EVNTDESC"].map({event: source[0] for event, source in OF_EVENT.items()})
    variable = adtte["EVNTDESC"].map({event: source[1] for event, source in OF_EVENT.items()})
    no_count = (adtte["CNSR"] == 1) & (adtte["ADY"] < FIRST_USED)
    return adtte.assign(
        SRCDOM=domain.mask(no_count, ""),
        SRCVAR=variable.mask(no_count, ""),
        SRCSEQ=row.where((domain == "ADLB") & ~no_count),
    )
