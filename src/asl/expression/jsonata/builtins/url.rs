//! Functions over addresses and Base64.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use crate::asl::expression::jsonata::{
    error::{Error, Given},
    text::{quoted, readable},
    value::{Host, Value},
};

/// What a component of an address may have as it is.
const PLAIN: &[u8] = b"-_.!~*'()";
/// What an address may have as it is besides.
const RESERVED: &[u8] = b";,/?:@&=+$#";

/// Padding may be left out, and bits that no byte needs are not looked at, as in Java.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn encode_url(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    encoded(host, arguments, "encodeUrl", RESERVED)
}

pub(super) fn encode_url_component(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    encoded(host, arguments, "encodeUrlComponent", b"")
}

fn encoded(host: &mut dyn Host, arguments: &[Value], function: &str, kept: &[u8]) -> Given<Value> {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Nothing) };
    host.charge(text.len() * 3)?;
    if readable(text) != **text {
        return Err(malformed(function, text));
    }
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) || kept.contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(Value::text(url))
}

/// `$decodeUrl(text)`: what has a meaning in an address stays encoded.
pub(super) fn decode_url(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Nothing) };
    host.charge(text.len() * 3)?;
    let fault = || malformed("decodeUrl", text);
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        if *byte != b'%' {
            bytes.push(*byte);
            at += 1;
            continue;
        }
        let byte = hexadecimal(text, at).ok_or_else(fault)?;
        if RESERVED.contains(&byte) {
            bytes.extend_from_slice(&text.as_bytes()[at..at + 3]);
        } else {
            bytes.push(byte);
        }
        at += 3;
    }
    String::from_utf8(bytes).map(Value::text).map_err(|_| fault())
}

/// `$decodeUrlComponent(text)`, as the service has it: a plus is a space, and half a character is none.
pub(super) fn decode_url_component(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Nothing) };
    host.charge(text.len() * 3)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let byte = hexadecimal(text, at).ok_or_else(|| malformed("decodeUrlComponent", text))?;
                at += 2;
                byte
            }
            byte => *byte,
        });
        at += 1;
    }
    Ok(Value::text(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The byte that `%` and two digits stand for.
fn hexadecimal(text: &str, at: usize) -> Option<u8> {
    let digits = text.as_bytes().get(at + 1..at + 3)?;
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

fn malformed(function: &str, text: &str) -> Error {
    let text = quoted(&readable(text));
    Error::new("D3140", format!("Malformed URL passed to ${function}(): {text}"))
}

pub(super) fn base64_decode(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Nothing) };
    host.charge(text.len() * 3)?;
    let bytes = BASE64
        .decode(text.as_bytes())
        .map_err(|error| Error::new("D3137", format!("The argument of base64decode is not Base64: {error}")))?;
    Ok(Value::text(String::from_utf8_lossy(&bytes).into_owned()))
}

pub(super) fn base64_encode(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(Value::Text(text)) = arguments.first() else { return Ok(Value::Nothing) };
    host.charge(text.len() * 3)?;
    Ok(Value::text(BASE64.encode(readable(text).as_bytes())))
}
