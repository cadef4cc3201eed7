//! What a worker keeps under a key of bytes, bounded in bytes: two generations, of which the older is dropped whole.
//!
//! Belongs to one thread, so that no request waits for another.

use std::collections::HashMap;

/// Things kept under keys.
#[derive(Debug)]
pub struct Kept<V> {
    young: HashMap<Box<[u8]>, (V, usize)>,
    old: HashMap<Box<[u8]>, (V, usize)>,
    /// Bytes of the younger generation.
    bytes: usize,
    most_bytes: usize,
    most_entries: usize,
}

impl<V: Clone> Kept<V> {
    /// Room for so many bytes and entries, in both generations together.
    pub fn new(most_bytes: usize, most_entries: usize) -> Kept<V> {
        let (young, old) = (HashMap::new(), HashMap::new());
        Kept { young, old, bytes: 0, most_bytes: most_bytes / 2, most_entries: most_entries / 2 }
    }

    /// What is kept under a key.
    pub fn get(&mut self, key: &[u8]) -> Option<V> {
        if let Some((found, _)) = self.young.get(key) {
            return Some(found.clone());
        }
        // What is still asked for outlives its generation.
        let (key, (found, weight)) = self.old.remove_entry(key)?;
        self.put(key, found.clone(), weight);
        Some(found)
    }

    /// Keeps something that weighs so many bytes beside its key.
    pub fn insert(&mut self, key: &[u8], value: V, bytes: usize) {
        self.put(key.into(), value, key.len() + bytes);
    }

    fn put(&mut self, key: Box<[u8]>, value: V, weight: usize) {
        if weight > self.most_bytes {
            return;
        }
        if self.bytes + weight > self.most_bytes || self.young.len() >= self.most_entries {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += weight;
        self.young.insert(key, (value, weight));
    }

    /// Lets go of everything.
    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.bytes = 0;
    }

    /// How many are kept.
    pub fn count(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let mut kept = Kept::new(4_000, 100);
        for number in 0..10_000_u32 {
            kept.insert(&number.to_be_bytes(), number, 96);
            assert!(kept.count() <= 40, "{}", kept.count());
        }
        let mut few = Kept::new(1_000_000, 10);
        for number in 0..10_000_u32 {
            few.insert(&number.to_be_bytes(), number, 0);
            assert!(few.count() <= 10, "{}", few.count());
        }
    }

    #[test]
    fn what_is_asked_for_stays_and_what_is_not_goes() {
        let mut kept = Kept::new(1_000_000, 10);
        kept.insert(b"asked", 0, 0);
        kept.insert(b"not", 1, 0);
        for number in 0..100_u32 {
            kept.insert(&number.to_be_bytes(), number, 0);
            assert_eq!(kept.get(b"asked"), Some(0));
        }
        assert_eq!(kept.get(b"not"), None);
    }

    #[test]
    fn what_is_too_large_is_not_kept() {
        let mut kept = Kept::new(100, 100);
        kept.insert(b"large", 0, 1_000);
        assert_eq!(kept.get(b"large"), None);
    }
}
