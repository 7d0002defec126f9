//! Ranges of IPv4 addresses and of ports.

use super::answer::Answer;
use crate::{
    check::{
        read::{number, resource},
        subject::Subject,
    },
    json::Json,
    template::intrinsic::attribute,
};

/// A range of numbers, both ends in it: addresses or ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) struct Range {
    pub first: u32,
    pub last: u32,
}

/// The addresses that private networks have (RFC 1918).
const PRIVATE: [Range; 3] = [
    Range { first: 0x0A00_0000, last: 0x0AFF_FFFF },
    Range { first: 0xAC10_0000, last: 0xAC1F_FFFF },
    Range { first: 0xC0A8_0000, last: 0xC0A8_FFFF },
];

/// The ports that an answer goes to: those that clients of AWS are told to keep open.
pub(in crate::check) const EPHEMERAL: Range = Range { first: 1024, last: 65_535 };

impl Range {
    /// Every address.
    pub const ALL: Self = Self { first: 0, last: u32::MAX };

    pub const fn one(number: u32) -> Self {
        Self { first: number, last: number }
    }

    /// Reads `10.0.0.0/16`; the bits of the host do not count, as in rules of EC2.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.trim().split_once('/')?;
        let address = u32::from(address.parse::<std::net::Ipv4Addr>().ok()?);
        let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32)?;
        let host = u32::MAX.checked_shr(bits).unwrap_or(0);
        Some(Self { first: address & !host, last: address | host })
    }

    /// The block that `Fn::Select` takes of `Fn::Cidr`: each has 2 to the power of `bits` addresses.
    pub fn block(self, index: u32, bits: u32) -> Option<Self> {
        let size = 1_u64.checked_shl(bits)?;
        let first = u64::from(self.first) + u64::from(index) * size;
        let last = first + size - 1;
        (last <= u64::from(self.last))
            .then_some(Self { first: u32::try_from(first).ok()?, last: u32::try_from(last).ok()? })
    }

    pub fn contains(self, inner: Self) -> bool {
        self.first <= inner.first && inner.last <= self.last
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether all of `inner`, none of it, or a part is in the range.
    pub fn covers(self, inner: Self) -> Answer {
        match (self.contains(inner), self.overlaps(inner)) {
            (true, _) => Answer::Yes,
            (false, false) => Answer::No,
            (false, true) => Answer::Unknown,
        }
    }

    fn is_private(self) -> bool {
        PRIVATE.iter().any(|private| private.contains(self))
    }
}

/// What is known of the address of a peer.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) enum Address {
    /// Any of these: a subnet may give each.
    In(Range),
    /// One of the internet, no matter which.
    Public,
    Unknown,
}

impl Address {
    /// Whether a range has the address.
    pub fn is_in(self, range: Range) -> Answer {
        match self {
            _ if range == Range::ALL => Answer::Yes,
            Address::In(inner) => range.covers(inner),
            Address::Public if range.is_private() => Answer::No,
            Address::Public | Address::Unknown => Answer::Unknown,
        }
    }
}

/// A range of addresses: literal, that of a VPC, or taken of `Fn::Cidr`.
pub(in crate::check) fn block(subject: &Subject<'_>, json: &Json) -> Option<Range> {
    if let Some(text) = json.as_str() {
        return Range::parse(text);
    }
    if let Some((vpc, attribute)) = json.get("Fn::GetAtt").and_then(attribute) {
        let resource = resource(subject, vpc).filter(|resource| resource["Type"] == "AWS::EC2::VPC")?;
        return (attribute? == "CidrBlock")
            .then(|| resource["Properties"]["CidrBlock"].as_str())
            .flatten()
            .and_then(Range::parse);
    }
    let [index, blocks] = json.get("Fn::Select")?.as_array()?.as_slice() else { return None };
    let index = u32::try_from(number(index)?).ok()?;
    if let Some(literal) = blocks.as_array() {
        return Range::parse(literal.get(usize::try_from(index).ok()?)?.as_str()?);
    }
    let [of, count, bits] = blocks.get("Fn::Cidr")?.as_array()?.as_slice() else { return None };
    let (count, bits) = (u32::try_from(number(count)?).ok()?, u32::try_from(number(bits)?).ok()?);
    let of = match of.get("Fn::Select") {
        None => block(subject, of)?,
        Some(_) => return None,
    };
    if index < count { of.block(index, bits) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_and_divided() {
        let vpc = Range::parse("10.1.2.3/16").unwrap();
        assert_eq!(vpc, Range { first: 0x0A01_0000, last: 0x0A01_FFFF });
        assert_eq!(vpc.block(1, 8), Range::parse("10.1.1.0/24"));
        assert_eq!(vpc.block(256, 8), None);
        assert_eq!(Range::parse("0.0.0.0/0"), Some(Range::ALL));
        for text in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/0", ""] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_part_is_neither_all_nor_nothing() {
        let range = |text| Range::parse(text).unwrap();
        assert_eq!(range("10.0.0.0/8").covers(range("10.1.0.0/16")), Answer::Yes);
        assert_eq!(range("10.1.0.0/16").covers(range("10.0.0.0/8")), Answer::Unknown);
        assert_eq!(range("10.1.0.0/16").covers(range("10.2.0.0/16")), Answer::No);
        assert_eq!(Address::Public.is_in(range("10.0.0.0/8")), Answer::No);
        assert_eq!(Address::Public.is_in(range("52.0.0.0/8")), Answer::Unknown);
        assert_eq!(Address::Unknown.is_in(Range::ALL), Answer::Yes);
    }
}
