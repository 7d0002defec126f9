//! Work on many files at once, whose results stay in the order of the files.

use std::{
    num::NonZero,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// What `work` makes of each item, in their order. `done` is told how many are done, of how many.
pub(super) fn map<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(usize, usize),
) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    if workers < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let mut results: Vec<(usize, R)> = Vec::with_capacity(items.len());
    thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..workers {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                while let Some((index, item)) = take(items, next) {
                    // Who receives waits for all of them.
                    let _ = send.send((index, work(item)));
                }
            });
        }
        drop(send);
        for result in receive {
            results.push(result);
            done(results.len(), items.len());
        }
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The next item that nobody has taken, with its place.
fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    items.get(index).map(|item| (index, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        let mut calls = Vec::new();
        // The first ones take longest.
        let slow = |item: &u64| {
            thread::sleep(std::time::Duration::from_micros(200 - item));
            item * 2
        };
        let doubled = map(&items, slow, |done, all| calls.push((done, all)));
        assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert!(calls.is_empty() || calls.last() == Some(&(200, 200)), "{calls:?}");
        assert_eq!(map(&[] as &[u64], slow, |_, _| ()), [0; 0]);
    }
}
