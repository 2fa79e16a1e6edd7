//! The terms a call was made on: what besides the model and the tokens decides its price.

/// The terms of one call. Ordered: of two records that say the same amount, the one with the larger terms holds,
/// because a record that says nothing means the usual ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Terms {
    /// How fast the answer was asked for: `speed`.
    pub speed: Speed,
    /// Where it was computed: `inference_geo`.
    pub geo: Geo,
    /// With which priority: `service_tier`.
    pub tier: Tier,
}

/// How fast the answer was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speed {
    /// As usual.
    #[default]
    Standard,
    /// Fast mode, at a multiple of the price.
    Fast,
}

/// Where the answer was computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Geo {
    /// Anywhere, or not said.
    #[default]
    Global,
    /// In the United States only, at a surcharge.
    Us,
}

/// With which priority the answer was computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// As usual, or not said.
    #[default]
    Standard,
    /// Reserved capacity.
    Priority,
    /// In a batch, at half the price.
    Batch,
}

impl Terms {
    /// As logged; whatever is not known is the usual.
    pub fn logged(speed: &str, geo: &str, tier: &str) -> Self {
        Self {
            speed: if speed == "fast" { Speed::Fast } else { Speed::Standard },
            geo: if geo == "us" { Geo::Us } else { Geo::Global },
            tier: match tier {
                "priority" => Tier::Priority,
                "batch" => Tier::Batch,
                _ => Tier::Standard,
            },
        }
    }

    /// As one stored byte.
    pub fn to_byte(self) -> u8 {
        let tier = match self.tier {
            Tier::Standard => 0,
            Tier::Priority => 1,
            Tier::Batch => 2,
        };
        u8::from(self.speed == Speed::Fast) | u8::from(self.geo == Geo::Us) << 1 | tier << 2
    }

    /// From one stored byte; none where a later version wrote it.
    pub fn from_byte(byte: u8) -> Option<Self> {
        let tier = match byte >> 2 {
            0 => Tier::Standard,
            1 => Tier::Priority,
            2 => Tier::Batch,
            _ => return None,
        };
        let speed = if byte & 1 == 0 { Speed::Standard } else { Speed::Fast };
        Some(Self { speed, geo: if byte & 2 == 0 { Geo::Global } else { Geo::Us }, tier })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_back_from_its_byte() {
        for byte in 0..12 {
            let terms = Terms::from_byte(byte).expect("each is a combination");
            assert_eq!(terms.to_byte(), byte);
        }
        assert_eq!(Terms::from_byte(12), None);
    }

    #[test]
    fn what_is_not_said_or_not_known_is_the_usual() {
        assert_eq!(Terms::logged("", "not_available", "standard"), Terms::default());
        let all = Terms { speed: Speed::Fast, geo: Geo::Us, tier: Tier::Batch };
        assert_eq!(Terms::logged("fast", "us", "batch"), all);
    }
}
