//! The rank of each item: below all that lead to it, but for links that lead back.

use super::link::{Item, Link, Role};

/// The rank of each item, and which links lead back. There is a rank to turn in above every item that a link leads back
/// to; where links enter is the first rank, where they leave the last.
pub(super) fn rank(items: &[Item], links: &[Link]) -> (Vec<usize>, Vec<bool>) {
    let mut leaving = vec![Vec::new(); items.len()];
    let mut entered = vec![false; items.len()];
    for (index, link) in links.iter().enumerate() {
        leaving[link.from].push(index);
        entered[link.to] |= link.from != link.to;
    }
    let (done, back) = walk(links, &leaving, &entered);
    let mut ranks = vec![0; items.len()];
    let ahead = |item: usize| leaving[item].iter().filter(|link| !back[**link]).map(|link| &links[*link]);
    for &item in done.iter().rev() {
        for link in ahead(item) {
            ranks[link.to] = ranks[link.to].max(ranks[item] + length(link));
        }
    }
    let mut led_to = vec![Vec::new(); items.len()];
    for (link, back) in links.iter().zip(&back) {
        led_to[link.to].push(*back);
    }
    // What nothing leads to stands just above what it leads to.
    for &item in done.iter().filter(|item| !led_to[**item].contains(&false)) {
        if let Some(above) = ahead(item).map(|link| ranks[link.to] - length(link)).min() {
            ranks[item] = above;
        }
    }
    frame(items, links, &back, &mut ranks);
    (ranks, back)
}

/// How many ranks a link needs: one more for its label.
fn length(link: &Link) -> usize {
    1 + usize::from(link.label.is_some())
}

/// The items in the order in which a walk in depth leaves them, and the links that lead back to where it still is.
fn walk(links: &[Link], leaving: &[Vec<usize>], entered: &[bool]) -> (Vec<usize>, Vec<bool>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Never,
        Open,
        Done,
    }
    let mut seen = vec![Seen::Never; leaving.len()];
    let mut back = vec![false; links.len()];
    let mut done = Vec::with_capacity(leaving.len());
    let sources = (0..leaving.len()).filter(|item| !entered[*item]);
    for root in sources.chain(0..leaving.len()) {
        if seen[root] != Seen::Never {
            continue;
        }
        seen[root] = Seen::Open;
        let mut open = vec![(root, 0)];
        while let Some((item, next)) = open.last_mut() {
            let (item, link) = (*item, leaving[*item].get(*next).copied());
            *next += 1;
            match link {
                None => {
                    seen[item] = Seen::Done;
                    done.push(item);
                    open.pop();
                }
                Some(link) if seen[links[link].to] == Seen::Open => back[link] = true,
                Some(link) if seen[links[link].to] == Seen::Never => {
                    seen[links[link].to] = Seen::Open;
                    open.push((links[link].to, 0));
                }
                Some(_) => {}
            }
        }
    }
    (done, back)
}

/// Makes room for turns at the top, and puts those items first and last whose place is at a border.
fn frame(items: &[Item], links: &[Link], back: &[bool], ranks: &mut [usize]) {
    let inside = |item: usize| items[item].role == Role::Inside;
    let lowest = (0..items.len()).filter(|item| inside(*item)).map(|item| ranks[item]).min().unwrap_or_default();
    let is_back_to_first = |(link, back): (&Link, &bool)| *back && ranks[link.to] == lowest;
    let turns = links.iter().zip(back).any(is_back_to_first);
    let enters = items.iter().any(|item| item.role == Role::Enters);
    let first = usize::from(turns) + usize::from(enters);
    for item in (0..items.len()).filter(|item| inside(*item)) {
        ranks[item] = ranks[item] - lowest + first;
    }
    let below = |(link, back): (&Link, &bool)| if *back { ranks[link.from] + 2 } else { 0 };
    let turned = links.iter().zip(back).map(below).max().unwrap_or_default();
    let last = (0..items.len()).filter(|item| inside(*item)).map(|item| ranks[item] + 1).max().unwrap_or(1).max(turned);
    for (item, rank) in ranks.iter_mut().enumerate() {
        match items[item].role {
            Role::Inside => {}
            Role::Enters => *rank = 0,
            Role::Leaves => *rank = last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::scene::Size;

    fn give(count: usize, links: &[(usize, usize)], ranks: &[usize], back: &[usize]) {
        let items: Vec<Item> = (0..count).map(|_| Item { size: Size::default(), role: Role::Inside }).collect();
        let links: Vec<Link> = links.iter().map(|(from, to)| Link::new(*from, *to)).collect();
        let (found, leads_back) = rank(&items, &links);
        let leads_back: Vec<usize> = (0..links.len()).filter(|link| leads_back[*link]).collect();
        assert_eq!((found.as_slice(), leads_back.as_slice()), (ranks, back));
    }

    #[test]
    fn an_item_stands_below_all_that_lead_to_it() {
        give(4, &[(0, 1), (1, 2), (0, 3), (2, 3)], &[0, 1, 2, 3], &[]);
    }

    #[test]
    fn a_source_stands_just_above_what_it_leads_to() {
        give(4, &[(0, 1), (1, 2), (3, 2)], &[0, 1, 2, 1], &[]);
    }

    #[test]
    fn a_link_back_has_a_rank_to_turn_in() {
        give(3, &[(0, 1), (1, 2), (2, 1)], &[0, 1, 2], &[2]);
        give(2, &[(0, 1), (1, 0)], &[1, 2], &[1]);
        give(1, &[(0, 0)], &[1], &[0]);
    }
}
