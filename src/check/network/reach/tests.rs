//! What `reach` answers is what single packets do, in thousands of networks.

mod packets;
mod plan;

use self::{
    packets::Tried,
    plan::{Chance, Plan},
};
use super::*;
use crate::{check::subject::Subject, template::Template};

/// Networks that are tried. Each has thousands of packets.
const NETWORKS: usize = 2000;

/// Answers that were given, and those that the packets would have been enough for.
#[derive(Debug, Default)]
struct Counted {
    yes: u32,
    no: u32,
    unknown: u32,
    too_careful: u32,
}

impl Counted {
    /// Holds an answer to what the packets of each way did: yes where one way let all through, no where none did.
    fn hold(&mut self, answer: Answer, ways: &[Tried], what: Tell<'_>) {
        let all = ways.iter().any(|way| way.lost == 0);
        let none = ways.iter().all(|way| way.passed == 0);
        match answer {
            Answer::Yes => {
                assert!(all, "yes, and {ways:?}: {}", what());
                self.yes += 1;
            }
            Answer::No => {
                assert!(none, "no, and {ways:?}: {}", what());
                self.no += 1;
            }
            Answer::Unknown => {
                self.unknown += 1;
                self.too_careful += u32::from(all || none);
            }
        }
    }

    /// Most is decided, either way, and little is left open that could be decided.
    fn assert_useful(&self) {
        let all = self.yes + self.no + self.unknown;
        assert!(self.yes > all / 20 && self.no > all / 20, "{self:?}");
        assert!(self.too_careful < all / 5, "{self:?}");
    }
}

fn end<'a>(end: &plan::End, ids: &'a Ids) -> End<'a> {
    End {
        subnets: end.subnets.iter().map(|subnet| Some(ids.subnets[*subnet].as_str())).collect(),
        groups: end.groups.iter().map(|group| Member::Of(&ids.groups[*group])).collect(),
    }
}

/// The logical ids of a plan's template.
struct Ids {
    subnets: Vec<String>,
    groups: Vec<String>,
}

/// Tells which network it is, and what it is made of.
type Tell<'t> = &'t dyn Fn() -> String;

fn each_plan(visit: &mut dyn FnMut(&Plan, &Network<'_>, &Ids, Tell<'_>)) {
    let mut chance = Chance::new();
    let named = |kind: &str| (0..4).map(|number| format!("{kind}{number}")).collect();
    let ids = Ids { subnets: named("Subnet"), groups: named("Group") };
    for number in 0..NETWORKS {
        let plan = chance.plan();
        let template = Template::new(plan.template());
        let subject = Subject::new(&template);
        let network = Network::new(&subject).unwrap();
        visit(&plan, &network, &ids, &|| format!("network {number}: {plan:?}\n{}", template.to_yaml()));
    }
}

#[test]
fn a_connection_is_judged_as_its_packets_fare() {
    let mut counted = Counted::default();
    each_plan(&mut |plan, network, ids, what| {
        let port = Port { of: None, number: Some(plan.port) };
        let verdict = network.can(&end(&plan.client, ids), &end(&plan.server, ids), port);
        counted.hold(verdict.answer, &plan.connect(&plan.client, &plan.server, plan.port), what);
        assert!(verdict.answer != Answer::No || verdict.hop.is_some(), "no, and no hop: {}", what());
    });
    counted.assert_useful();
}

#[test]
fn a_call_of_a_service_is_judged_as_its_packets_fare() {
    let mut counted = [Counted::default(), Counted::default()];
    each_plan(&mut |plan, network, ids, what| {
        for subnet in &plan.client.subnets {
            for (service, counted) in ["s3", "sqs"].into_iter().zip(&mut counted) {
                for public in [Answer::No, Answer::Yes] {
                    let client = end(&plan.client, ids);
                    let verdict = network.can_call(service, &client, &ids.subnets[*subnet], HasPublicAddress(public));
                    let tried = plan.call(service, *subnet, public == Answer::Yes);
                    let what = || format!("{service} from {subnet} ({public:?}), {:?}: {}", verdict.hop, what());
                    counted.hold(verdict.answer, &[tried], &what);
                    assert!(verdict.answer != Answer::No || verdict.hop.is_some(), "no, and no hop: {}", what());
                }
            }
        }
    });
    counted.iter().for_each(Counted::assert_useful);
}
