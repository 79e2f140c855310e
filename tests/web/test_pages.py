"""The first page."""


def test_the_first_page_opens(signed_in):
    """Somebody who is signed in sees what needs them."""
    response = signed_in("planner").get("/")

    assert response.status_code == 200
