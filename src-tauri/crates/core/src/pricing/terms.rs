//! Billing terms: the properties of a call that affect its price besides model and tokens.

/// The billing terms of one call.
///
/// Terms are ordered so that the larger of two takes precedence: a record without terms reads as the default, which
/// is the smallest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BillingTerms {
    /// The field `speed`.
    pub speed: ServiceSpeed,
    /// The field `inference_geo`.
    pub geo: InferenceGeo,
    /// The field `service_tier`.
    pub tier: ServiceTier,
}

/// The speed requested for an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceSpeed {
    /// Standard speed.
    #[default]
    Standard,
    /// Fast mode, at a multiple of the price.
    Fast,
}

/// The region in which an answer is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InferenceGeo {
    /// Any region, or a region that is not logged.
    #[default]
    Global,
    /// The United States only, at a surcharge.
    Us,
}

/// The priority with which an answer is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceTier {
    /// Standard priority, or a priority that is not logged.
    #[default]
    Standard,
    /// Reserved capacity.
    Priority,
    /// Batch processing, at half the price.
    Batch,
}

impl BillingTerms {
    /// Parses the logged fields. Unknown values read as the default.
    pub fn from_log(speed: &str, geo: &str, tier: &str) -> Self {
        Self {
            speed: if speed == "fast" { ServiceSpeed::Fast } else { ServiceSpeed::Standard },
            geo: if geo == "us" { InferenceGeo::Us } else { InferenceGeo::Global },
            tier: match tier {
                "priority" => ServiceTier::Priority,
                "batch" => ServiceTier::Batch,
                _ => ServiceTier::Standard,
            },
        }
    }

    /// Encodes the terms as one stored byte.
    pub fn to_byte(self) -> u8 {
        let tier = match self.tier {
            ServiceTier::Standard => 0,
            ServiceTier::Priority => 1,
            ServiceTier::Batch => 2,
        };
        u8::from(self.speed == ServiceSpeed::Fast) | u8::from(self.geo == InferenceGeo::Us) << 1 | tier << 2
    }

    /// Decodes a stored byte. Returns `None` for a byte of a later version.
    pub fn from_byte(byte: u8) -> Option<Self> {
        let tier = match byte >> 2 {
            0 => ServiceTier::Standard,
            1 => ServiceTier::Priority,
            2 => ServiceTier::Batch,
            _ => return None,
        };
        let speed = if byte & 1 == 0 { ServiceSpeed::Standard } else { ServiceSpeed::Fast };
        Some(Self { speed, geo: if byte & 2 == 0 { InferenceGeo::Global } else { InferenceGeo::Us }, tier })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_survives_encoding() {
        for byte in 0..12 {
            let terms = BillingTerms::from_byte(byte).expect("the byte is valid");
            assert_eq!(terms.to_byte(), byte);
        }
        assert_eq!(BillingTerms::from_byte(12), None);
    }

    #[test]
    fn missing_and_unknown_values_read_as_the_default() {
        assert_eq!(BillingTerms::from_log("", "not_available", "standard"), BillingTerms::default());
        let all = BillingTerms { speed: ServiceSpeed::Fast, geo: InferenceGeo::Us, tier: ServiceTier::Batch };
        assert_eq!(BillingTerms::from_log("fast", "us", "batch"), all);
    }
}
