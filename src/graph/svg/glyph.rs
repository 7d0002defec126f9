//! The signs of nodes: plain shapes of our own, drawn in lines.

use std::fmt::Write;

use super::xml::number;
use crate::graph::{layout::face::TILE, model::Glyph, scene::Point};

/// Draws a sign on its tile, whose corner is there.
pub(super) fn draw(out: &mut String, glyph: Glyph, at: Point) {
    put!(
        out,
        r#"<rect class="tile" x="{}" y="{}" width="{TILE}" height="{TILE}" rx="6"/>"#,
        number(at.x),
        number(at.y)
    );
    put!(
        out,
        r#"<path class="glyph" transform="translate({} {})" d="{}"/>"#,
        number(at.x + 6.0),
        number(at.y + 6.0),
        shape(glyph)
    );
}

/// The lines of a sign, in a square of 16.
fn shape(glyph: Glyph) -> &'static str {
    match glyph {
        Glyph::None => "",
        Glyph::Alarm => "M3 12h10M4.5 12V7.5a3.5 3.5 0 0 1 7 0V12M8 2v2M7 14.5h2",
        Glyph::Api => "M5 3 1 8l4 5M11 3l4 5-4 5M9.5 3l-3 10",
        Glyph::Branch => "M8 1 15 8 8 15 1 8ZM8 5v3.5M8 11v.01",
        Glyph::Bucket => "M2 4c0-1.6 12-1.6 12 0l-1.6 9.5c-.4 1.4-8.4 1.4-8.8 0ZM2 4c0 1.6 12 1.6 12 0",
        Glyph::Chart => "M2 14h12M4 14V9M8 14V3M12 14V6",
        Glyph::Check => "M2.5 8.5 6 12l7.5-8",
        Glyph::Clock => "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M8 4.5V8l2.5 2",
        Glyph::Container => "M8 1 14.5 4.5v7L8 15 1.5 11.5v-7ZM1.5 4.5 8 8l6.5-3.5M8 8v7",
        Glyph::Cross => "M3 3l10 10M13 3 3 13",
        Glyph::Cylinder => "M2 4c0-2.4 12-2.4 12 0v8c0 2.4-12 2.4-12 0ZM2 4c0 2.4 12 2.4 12 0M2 8c0 2.4 12 2.4 12 0",
        Glyph::Document => "M3 1.5h7l3 3v10H3ZM10 1.5v3h3M5.5 8h5M5.5 11h5",
        Glyph::Event => "M1.5 8h4M10.5 8h4M8 5a3 3 0 1 0 0 6 3 3 0 1 0 0-6M8 1.5V5M8 11v3.5",
        Glyph::Files => "M1.5 3.5h5l1.5 2h6.5v8h-13Z",
        Glyph::Function => "M3.5 2h2L12 14M7.4 6.5 3.5 14",
        Glyph::Gear => {
            "M8 5a3 3 0 1 0 0 6 3 3 0 1 0 0-6M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.5 1.5M11.5 11.5 13 13M13 3l-1.5 1.5M4.5 11.5 3 13"
        }
        Glyph::Globe => {
            "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M1.5 8h13M8 1.5c-4.5 4-4.5 9 0 13M8 1.5c4.5 4 4.5 9 0 13"
        }
        Glyph::Key => "M5 7.5a3.5 3.5 0 1 0 .01 0M7.5 8.5 14 2M11.5 4.5l2.5 2.5",
        Glyph::Loop => "M13.5 6A6 6 0 0 0 2.6 5.5M2.5 10a6 6 0 0 0 10.9.5M13.8 2v4h-4M2.2 14v-4h4",
        Glyph::Machine => "M6 1.5h4v3H6ZM1.5 11.5h4v3h-4ZM10.5 11.5h4v3h-4ZM8 4.5V8M3.5 11.5V8h9v3.5",
        Glyph::Network => "M8 1.5v4M3.5 14.5v-4h9v4M8 5.5v5M5.5 5.5h5",
        Glyph::Parallel => "M8 1.5V5M3 14.5V8.5C3 6 5 5 8 5s5 1 5 3.5v6M8 5v9.5",
        Glyph::Pass => "M1.5 8h12M9.5 4l4 4-4 4",
        Glyph::Person => "M8 1.5a3 3 0 1 0 0 6 3 3 0 1 0 0-6M2 14.5c.5-6 11.5-6 12 0",
        Glyph::Queue => "M1.5 4.5h13v7h-13ZM5 4.5v7M8.3 4.5v7M11.6 4.5v7",
        Glyph::Search => "M7 2a5 5 0 1 0 0 10A5 5 0 1 0 7 2M10.7 10.7 14.5 14.5",
        Glyph::Server => "M2 2.5h12v4.5H2ZM2 9h12v4.5H2ZM4.5 4.8v.01M4.5 11.3v.01",
        Glyph::Shield => "M8 1.5 13.5 3.5v4.5c0 3-2 5-5.5 6.5C4.5 13 2.5 11 2.5 8V3.5Z",
        Glyph::Spark => "M8 1.5 9.6 6.4 14.5 8 9.6 9.6 8 14.5 6.4 9.6 1.5 8l4.9-1.6Z",
        Glyph::Stack => "M8 1.5 15 5 8 8.5 1 5ZM1.5 8.2 8 11.5l6.5-3.3M1.5 11.2 8 14.5l6.5-3.3",
        Glyph::Stream => {
            "M1.5 4c3-2 4 2 6.5 1s3.5-3 6.5-1M1.5 8c3-2 4 2 6.5 1s3.5-3 6.5-1M1.5 12c3-2 4 2 6.5 1s3.5-3 6.5-1"
        }
        Glyph::Table => "M1.5 2.5h13v11h-13ZM1.5 6h13M6 6v7.5M1.5 9.8h13",
        Glyph::Topic => "M1.5 3.5h13v9h-13ZM1.5 4 8 9l6.5-5",
    }
}
