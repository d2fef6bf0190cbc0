"""Names of cells and columns in a spreadsheet: column 28 is AB."""

from trialdata.formats.workbook_parts import damaged


class ColumnNumbers(dict[str, int]):
    """`AB` is 28; each is worked out once."""

    def __missing__(self, letters: str) -> int:
        if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3):
            raise damaged("a cell without a proper address")
        number = 0
        for letter in letters:
            number = 26 * number + ord(letter) - ord("A") + 1
        self[letters] = number
        return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"
