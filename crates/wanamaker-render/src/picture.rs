//! From an SVG document to pixels.

use crate::studio::RenderError;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::sync::Arc;

/// Most pixels of a picture: 64 million, a quarter of a gigabyte while it is drawn.
const MOST_PIXELS: f32 = 64e6;

/// Draws an SVG document as PNG, `scale` pixels to its unit.
///
/// Words are set in a font that is part of the program, so that a picture is the same everywhere; letters that it does not
/// have are taken from the fonts of the machine.
///
/// # Errors
/// A document that cannot be read, or a picture too large to be held.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, RenderError> {
    let fault = |words: String| RenderError::Picture(words);
    let tree = Tree::from_str(svg, &options()).map_err(|error| fault(error.to_string()))?;
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    if width * height > MOST_PIXELS {
        return Err(fault(format!("{width} by {height} pixels are too many")));
    }
    let made = Pixmap::new(width.ceil() as u32, height.ceil() as u32);
    let mut pixels = made.ok_or_else(|| fault("it has no size".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| fault(error.to_string()))
}

fn options() -> Options<'static> {
    let mut options = Options { font_family: "Noto Sans".to_owned(), ..Options::default() };
    let fonts = Arc::make_mut(&mut options.fontdb);
    fonts.load_system_fonts();
    fonts.load_font_data(notosans::REGULAR_TTF.to_vec());
    fonts.load_font_data(notosans::BOLD_TTF.to_vec());
    fonts.set_sans_serif_family("Noto Sans");
    options
}
