"""What stands above the numbers of arms that were not randomised: for whom they hold, and what weakens them."""

import streamlit as st

from ui.block import Block
from ui.words import plain, quiet


def populations(block: Block) -> str:
    """The three populations, a sentence each, to be read before any number; empty where nothing is compared."""
    if block.output.empty:
        return ""
    table = block.output.table
    lines = [
        f"- **{plain(name)}.** {plain(sentence)}"
        for name, sentence in table[["Population", "The answer is"]].to_numpy()
    ]
    return "\n".join(lines)


def warned(block: Block) -> None:
    """Each warning as a sentence of its own."""
    output = block.output
    with st.container(gap="xsmall"):
        st.markdown(f"**{plain(output.title)}**  \n{quiet(plain(output.subtitle))}")
        for text in output.table.get("Warning", []):
            st.markdown(f":material/warning: {plain(text)}")
        if output.empty:
            st.markdown(f":gray[{plain(output.empty)}]")
