"""The menu of arms that were not randomised: there for such a study alone, also when the reader changes the study."""

MENU, RANDOMISED, CHOSEN = "Not randomised", "NCT07057778", "NCT04915482"


def menus(reader) -> list[str]:
    return reader.page.get_by_test_id("stTopNavSection").all_inner_texts()


def test_the_menu_follows_the_study(reader):
    reader.open(f"response?study={RANDOMISED}")
    assert MENU not in menus(reader) and "Analyses" in menus(reader)
    reader.choose("Study", CHOSEN)
    assert MENU in menus(reader)
    reader.go(MENU, "Comparability")
    assert reader.title.startswith("The arms were not randomised")
    reader.choose("Study", RANDOMISED)
    assert MENU not in menus(reader)
    assert reader.page.get_by_text("The arms of this study were randomised").count() == 1
    assert reader.errors == []


def test_a_bar_of_the_scores_lists_its_participants(reader):
    reader.open(f"comparability?study={CHOSEN}")
    assert reader.page.locator(".st-key-people-propensity_overlap").count() == 0
    bar = reader.page.locator(".st-key-figure-propensity_overlap-0 .barlayer .point path").first
    bar.scroll_into_view_if_needed()
    reader.page.wait_for_timeout(300)
    box = bar.bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    reader.settle()
    listed = reader.page.locator(".st-key-people-propensity_overlap")
    assert "participant" in listed.get_by_test_id("stMarkdown").first.inner_text()
    assert reader.errors == []
