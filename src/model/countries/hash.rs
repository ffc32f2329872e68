//! The two hashes of the country table.
//!
//! In: folded bytes. Out: 64 well-mixed bits. `of` reads eight bytes at a time, for whole keys. `Rolling` is a polynomial, so that
//! the hash of a key less one or two letters costs a multiplication and not another pass.

const K: u64 = 0x9E37_79B9_7F4A_7C15;

/// The eight bytes from `at` on, as a number.
#[inline]
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

/// The four bytes from `at` on, as a number.
#[inline]
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

/// The hash of a whole key.
pub fn of(key: &[u8]) -> u64 {
    let mut h = (key.len() as u64).wrapping_mul(K);
    let mut words = key.chunks_exact(8);
    for w in &mut words {
        h = mix(h ^ u64_at(w, 0));
    }
    let rest = words.remainder();
    if !rest.is_empty() {
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        h = mix(h ^ u64::from_le_bytes(last));
    }
    h
}

/// Spreads every bit of `x` over all of them.
#[inline]
pub fn mix(x: u64) -> u64 {
    let wide = u128::from(x ^ 0x2545_F491_4F6C_DD1D) * u128::from(0xD6E8_FEB8_6659_FD93u64);
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// The longest key that deletions are made of.
pub const LONGEST: usize = 44;
const B: u64 = 0xB5AD_4ECE_DA1C_E2A9;

/// Hashes of a key with letters left out.
pub struct Rolling {
    len: usize,
    prefix: [u64; LONGEST + 1],
    power: [u64; LONGEST + 1],
}

impl Rolling {
    /// Prepares `key`, which has at most `LONGEST` bytes.
    pub fn new(key: &[u8]) -> Self {
        let mut r = Rolling { len: key.len(), prefix: [0; LONGEST + 1], power: [1; LONGEST + 1] };
        for (i, &b) in key.iter().enumerate() {
            r.prefix[i + 1] = r.prefix[i].wrapping_mul(B).wrapping_add(u64::from(b) + 1);
            r.power[i + 1] = r.power[i].wrapping_mul(B);
        }
        r
    }

    #[inline]
    fn span(&self, from: usize, to: usize) -> u64 {
        self.prefix[to].wrapping_sub(self.prefix[from].wrapping_mul(self.power[to - from]))
    }

    #[inline]
    fn join(&self, left: u64, from: usize, to: usize) -> u64 {
        left.wrapping_mul(self.power[to - from]).wrapping_add(self.span(from, to))
    }

    /// The key as it is.
    pub fn whole(&self) -> u64 {
        mix(self.prefix[self.len])
    }

    /// Every key with one letter left out.
    #[inline]
    pub fn one_less(&self, mut f: impl FnMut(u64)) {
        for i in 0..self.len {
            f(mix(self.join(self.prefix[i], i + 1, self.len)));
        }
    }

    /// Every key with two letters left out.
    #[inline]
    pub fn two_less(&self, mut f: impl FnMut(u64)) {
        for i in 0..self.len {
            for j in i + 1..self.len {
                let left = self.join(self.prefix[i], i + 1, j);
                f(mix(self.join(left, j + 1, self.len)));
            }
        }
    }
}
