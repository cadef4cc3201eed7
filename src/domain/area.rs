//! What lies outside the directory's two countries, so that it is told apart from what is unknown.
//!
//! Leaves the places inside England and Wales to the directory.

/// First letters of ONS codes of places outside England and Wales: Scotland, Northern Ireland, the islands.
/// From the coding system of the Office for National Statistics.
const FOREIGN_CODE_LETTERS: [char; 4] = ['S', 'N', 'L', 'M'];

/// Names, folded, of countries, islands and councils outside England and Wales that people ask for: the 32 council
/// areas of Scotland and the 11 districts of Northern Ireland, with plain forms of some.
const FOREIGN_NAMES: [&str; 64] = [
    "scotland",
    "northern ireland",
    "isle of man",
    "jersey",
    "guernsey",
    "alderney",
    "sark",
    "channel islands",
    "republic of ireland",
    "ireland",
    "police scotland",
    "police service of northern ireland",
    "aberdeen city",
    "aberdeenshire",
    "angus",
    "argyll and bute",
    "clackmannanshire",
    "dumfries and galloway",
    "dundee city",
    "east ayrshire",
    "east dunbartonshire",
    "east lothian",
    "east renfrewshire",
    "city of edinburgh",
    "edinburgh",
    "na h eileanan siar",
    "eilean siar",
    "falkirk",
    "fife",
    "glasgow city",
    "glasgow",
    "highland",
    "inverclyde",
    "midlothian",
    "moray",
    "north ayrshire",
    "north lanarkshire",
    "orkney islands",
    "perth and kinross",
    "renfrewshire",
    "scottish borders",
    "shetland islands",
    "south ayrshire",
    "south lanarkshire",
    "stirling",
    "west dunbartonshire",
    "west lothian",
    "aberdeen",
    "dundee",
    "orkney",
    "shetland",
    "antrim and newtownabbey",
    "ards and north down",
    "armagh city banbridge and craigavon",
    "belfast",
    "causeway coast and glens",
    "derry city and strabane",
    "fermanagh and omagh",
    "lisburn and castlereagh",
    "mid and east antrim",
    "mid ulster",
    "newry mourne and down",
    "derry",
    "londonderry",
];

/// Whether an ONS code belongs to a place outside England and Wales.
pub fn is_foreign_code(code: &str) -> bool {
    let mut letters = code.chars();
    letters.next().is_some_and(|first| FOREIGN_CODE_LETTERS.contains(&first.to_ascii_uppercase()))
        && code.len() == 9
        && letters.all(|c| c.is_ascii_digit())
}

/// Whether a folded name is that of a country or island outside England and Wales.
pub fn is_foreign_name(folded: &str) -> bool {
    FOREIGN_NAMES.contains(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn councils_and_islands_beyond_the_border_are_foreign() {
        for name in ["scotland", "isle of man", "glasgow", "belfast", "orkney islands"] {
            assert!(is_foreign_name(name), "{name}");
        }
        assert!(!is_foreign_name("berwick upon tweed"));
    }

    #[test]
    fn a_scottish_code_is_foreign_and_a_welsh_one_is_not() {
        assert!(is_foreign_code("S12000036"));
        assert!(is_foreign_code("N09000003"));
        assert!(!is_foreign_code("W06000015"));
        assert!(!is_foreign_code("E08000012"));
        assert!(!is_foreign_code("SEFTON"));
    }
}
