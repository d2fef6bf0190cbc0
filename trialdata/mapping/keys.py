"""The keys of questions, which name the place of the answer in the mapping.

tables:<table>                     the datasets that a table feeds, such as adsl+adlb
columns:<dataset>:<table>:<ADaM>   the header of a column, or "=" and a text for every row
measured:<dataset>:<table>:<header>   the PARAMCD of a column that holds one parameter
arms:<text>, parameters:<text>, units:<PARAMCD>, visits:<text>, rescue:<text>, codes:<ADaM>:<code>, sites:<SITEID>
dates
rescue:*                           all medications in question that do not sound like rescue
"""

from trialdata.mapping.import_mapping import TableMapping

DATES = "dates"
EVERY_ROW = "="
BOTH = "+"


def table_key(table: str) -> str:
    return f"tables:{table}"


def column_key(of_table: TableMapping, column: str) -> str:
    return f"columns:{of_table.dataset}:{of_table.table}:{column}"


def measured_key(of_table: TableMapping, header: str) -> str:
    return f"measured:{of_table.dataset}:{of_table.table}:{header}"


def code_key(column: str, code: str) -> str:
    return f"codes:{column}:{code}"
