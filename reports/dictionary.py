"""The data dictionary of the analysis datasets: every variable with its label, type, length, values and origin."""

from collections.abc import Sequence

import pandas as pd

from analysis.adam import AnalysisData
from outputs.output import Output
from outputs.wording import plural
from reports.dataset_variables import TEXT
from reports.datasets import AnalysisDataset

WHY = (
    "Beside the date of the cut, a participant's day of it gives back the first dose: neither is in a file, nor is the "
    "last day of follow-up of somebody on study. Who has no event is censored at the last usable count."
)
COLUMNS = [
    *("Dataset", "Variable", "Label", "Type", "Length", "Key", "Unit", "Values", "Origin", "Derivation"),
]


def dictionary(datasets: Sequence[AnalysisDataset]) -> pd.DataFrame:
    """One row per variable, in the order of the datasets; Length of a text in bytes of UTF-8, Key its place."""
    rows = [
        (
            dataset.name,
            variable.name,
            variable.label,
            type_of(dataset.frame[variable.name]),
            length_of(dataset.frame[variable.name]),
            dataset.keys.index(variable.name) + 1 if variable.name in dataset.keys else pd.NA,
            variable.unit,
            "; ".join(variable.values),
            variable.origin,
            variable.comment,
        )
        for dataset in datasets
        for variable in dataset.variables
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"Length": "Int64", "Key": "Int64"})


def type_of(column: pd.Series) -> str:
    """ "text", "integer" or "number", of the values as they are."""
    if not pd.api.types.is_numeric_dtype(column):
        return TEXT
    return "integer" if pd.api.types.is_integer_dtype(column) else "number"


def length_of(column: pd.Series) -> int:
    """Bytes: of a number 8, of a text those of the longest value in UTF-8, at least 1."""
    if pd.api.types.is_numeric_dtype(column):
        return 8
    return max((len(text.encode()) for text in column.unique()), default=1) or 1


def dictionary_output(datasets: Sequence[AnalysisDataset]) -> Output:
    """The dictionary as it stands on the page; not in the catalogue, as it is no result."""
    listed = dictionary(datasets)
    keys = listed["Key"].map(lambda place: "" if pd.isna(place) else str(place))
    return Output(
        id="data_dictionary",
        title="Data dictionary",
        subtitle="Every variable of the four datasets, as it stands in the files",
        results=listed,
        table=listed.assign(Key=keys, Length=listed["Length"].astype("str")),
        footnotes=tuple(note for dataset in datasets for note in dataset.notes),
    )


def contents_output(data: AnalysisData, datasets: Sequence[AnalysisDataset]) -> Output:
    """What the four datasets are and how large; not in the catalogue, as it is no result."""
    participants = plural(len(data.adsl), "participant")
    table = pd.DataFrame(
        {
            "Dataset": [f"{dataset.name}, {dataset.label.lower()}" for dataset in datasets],
            "A row is": [dataset.structure.removeprefix("One row per ") for dataset in datasets],
            "Rows": [str(len(dataset.frame)) for dataset in datasets],
            "Variables": [str(len(dataset.variables)) for dataset in datasets],
        }
    )
    return Output(
        id="analysis_datasets",
        title="Datasets",
        subtitle="All participants of the cut, whatever population or filter is chosen",
        results=table,
        table=table,
        headline=f"Analysis datasets of {participants}",
        detail="ADSL, ADLB, ADRS and ADTTE as the analyses here use them, participant by participant. "
        "No file holds the day of the data cut.",
        footnotes=(WHY,),
    )
