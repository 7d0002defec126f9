//! The order in which entries are declared, so that each is there before it is used: that of the template, but what an
//! entry refers to stands before it.

use std::collections::HashMap;

/// The positions in an order in which everything stands behind what it needs. In a circle somebody is the first.
pub(super) fn order(names: &[&str], needs: &HashMap<&str, Vec<&str>>) -> Vec<usize> {
    let position: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut met = vec![false; names.len()];
    let mut found = Vec::with_capacity(names.len());
    for start in 0..names.len() {
        // A stack of its own, since a chain may be as long as the template.
        let mut waiting: Vec<(usize, usize)> = Vec::new();
        if !met[start] {
            met[start] = true;
            waiting.push((start, 0));
        }
        while let Some((at, next)) = waiting.pop() {
            let needed = needs.get(names[at]).map_or(&[][..], Vec::as_slice);
            match needed.get(next) {
                None => found.push(at),
                Some(name) => {
                    waiting.push((at, next + 1));
                    if let Some(&needed) = position.get(name)
                        && !met[needed]
                    {
                        met[needed] = true;
                        waiting.push((needed, 0));
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(names: &str, needs: &[(&'static str, &[&'static str])]) -> String {
        let names: Vec<&str> = names.split(' ').collect();
        let needs = needs.iter().map(|(name, needed)| (*name, needed.to_vec())).collect();
        order(&names, &needs).into_iter().map(|at| names[at]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_order_is_kept_but_for_what_is_needed_first() {
        assert_eq!(ordered("A B C", &[]), "A B C");
        assert_eq!(ordered("A B C", &[("A", &["C"])]), "C A B");
        assert_eq!(ordered("A B C D", &[("A", &["D", "B"]), ("B", &["C"])]), "D C B A");
        assert_eq!(ordered("A B", &[("A", &["B"]), ("B", &["A"])]), "B A");
    }

    #[test]
    fn a_chain_may_be_long() {
        let names: Vec<String> = (0..100_000).map(|at| format!("N{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let needs = names.windows(2).map(|pair| (pair[0], vec![pair[1]])).collect();
        assert_eq!(order(&names, &needs)[0], 99_999);
    }
}
