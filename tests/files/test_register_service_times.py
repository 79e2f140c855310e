"""What OpenStreetMap says of service times is kept as it stands, beside the place."""

from pathlib import Path

from reassure.files.register import read_register


def test_service_times_of_an_openstreetmap_file_are_kept(tmp_path: Path) -> None:
    """The text of the tag comes with the ref of its place; a place without the tag has none."""
    file = tmp_path / "a.osm"
    file.write_text(
        "<osm version='0.6'>"
        "<node id='1' lat='52.5' lon='-1.9' version='1'><tag k='amenity' v='place_of_worship'/>"
        "<tag k='service_times' v='Su 10:30; We 19:00'/></node>"
        "<node id='2' lat='52.6' lon='-1.9' version='1'><tag k='amenity' v='place_of_worship'/></node>"
        "</osm>"
    )

    register = read_register(file)

    assert len(register.places) == 2
    assert register.service_times == {"osm-node-1": "Su 10:30; We 19:00"}


def test_service_times_of_a_table_follow_the_place_when_refs_are_told_apart(tmp_path: Path) -> None:
    """Two faiths under one id get refs of their own, and each keeps its own text."""
    file = tmp_path / "list.csv"
    file.write_text(
        "id,name,faith,lat,lon,service_times\n"
        "a,Demo Church,christian,52.5,-1.9,Su 10:30\n"
        "a,Demo Mosque,muslim,52.5,-1.9,Fridays at one\n"
    )

    assert read_register(file).service_times == {
        "list-a-christian": "Su 10:30",
        "list-a-muslim": "Fridays at one",
    }
