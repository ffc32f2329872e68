//! The hash of the country table.
//!
//! In: folded bytes. Out: 64 well-mixed bits, read eight bytes at a time.

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
#[inline]
pub fn of(key: &[u8]) -> u64 {
    let n = key.len();
    let mut h = (n as u64).wrapping_mul(K);
    if n > 8 {
        for word in key[..n - 1].chunks_exact(8) {
            h = mix(h ^ u64_at(word, 0));
        }
    }
    mix(h ^ last_of(key))
}

/// The last eight bytes of a key as a number, or all of a shorter one.
#[inline]
fn last_of(key: &[u8]) -> u64 {
    match key.len() {
        0 => 0,
        n @ 1..=3 => u64::from(key[0]) | u64::from(key[n / 2]) << 8 | u64::from(key[n - 1]) << 16,
        n @ 4..=7 => u64::from(u32_at(key, 0)) | u64::from(u32_at(key, n - 4)) << 32,
        n => u64_at(key, n - 8),
    }
}

/// Whether two keys of one length are the same; most are short, and this is no call.
#[inline]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    let n = a.len();
    n == b.len()
        && last_of(a) == last_of(b)
        && (n <= 8 || a[..n - 1].chunks_exact(8).zip(b[..n - 1].chunks_exact(8)).all(|(a, b)| u64_at(a, 0) == u64_at(b, 0)))
}

/// The hash ([`of`]) of a key of at most sixteen bytes that is one number, the first byte lowest.
#[inline]
pub fn of_packed(key: u128, length: usize) -> u64 {
    let (low, mut h) = (key as u64, (length as u64).wrapping_mul(K));
    let byte = |at: usize| low >> (8 * at) & 0xff;
    let last = match length {
        0 => 0,
        n @ 1..=3 => byte(0) | byte(n / 2) << 8 | byte(n - 1) << 16,
        n @ 4..=7 => low & 0xffff_ffff | (low >> (8 * (n - 4))) << 32,
        8 => low,
        n => {
            h = mix(h ^ low);
            (key >> (8 * (n - 8))) as u64
        }
    };
    mix(h ^ last)
}

/// The bits of the first bytes of a number of sixteen, of which there is one at least.
#[inline]
pub fn mask(length: usize) -> u128 {
    u128::MAX >> (8 * (size_of::<u128>() - length))
}

/// Spreads every bit of `x` over all of them.
#[inline]
pub fn mix(x: u64) -> u64 {
    let wide = u128::from(x ^ 0x2545_F491_4F6C_DD1D) * u128::from(0xD6E8_FEB8_6659_FD93u64);
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// The longest key that edit distance reaches.
pub const LONGEST: usize = 48;
