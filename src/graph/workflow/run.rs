//! What an execution has done, in the picture of its workflow.

use std::{collections::HashMap, time::Duration};

use super::{END, START};
use crate::{
    asl::run::{Outcome, StateEnd, StateVisit, Status},
    graph::model::{EdgeKind, Graph, Mark, NodeIndex, Visit, VisitEnd},
};

impl Graph {
    /// Marks what became of each state of a workflow in an execution, and which ways it took.
    pub fn mark_run(&mut self, outcome: &Outcome) {
        let visits = outcome.visits();
        let mut states: HashMap<&str, Visit> = HashMap::new();
        let mut ways: HashMap<(&str, &str), (usize, bool)> = HashMap::new();
        // The state before, in each branch and iteration.
        let mut before: HashMap<(Option<usize>, Option<usize>), &StateVisit> = HashMap::new();
        for visit in visits {
            enter(states.entry(&visit.name).or_insert_with(not_reached), visit);
            let lane = (visit.parent, visit.lane);
            let from = before.insert(lane, visit).filter(|from| from.end.leads_on());
            let from = match (from, visit.parent) {
                (Some(from), _) => Some((&*from.name, matches!(from.end, StateEnd::Caught { .. }))),
                (None, None) => Some((START, false)),
                (None, Some(_)) => None,
            };
            if let Some((from, caught)) = from {
                let way = ways.entry((from, &visit.name)).or_default();
                *way = (way.0 + 1, caught);
            }
        }
        let succeeded = *outcome.status() == Status::Succeeded;
        if let Some(last) = before.get(&(None, None)).filter(|_| succeeded) {
            ways.insert((&last.name, END), (1, false));
        }
        self.mark(&states, &ways, succeeded);
    }

    fn mark(&mut self, states: &HashMap<&str, Visit>, ways: &HashMap<(&str, &str), (usize, bool)>, succeeded: bool) {
        let mut names = Vec::new();
        for index in (0..self.nodes().count()).map(NodeIndex) {
            let node = self.node_mut(index);
            let end = if succeeded { VisitEnd::Succeeded } else { VisitEnd::NotReached };
            let visit = match node.id.as_str() {
                START => passed(VisitEnd::Succeeded),
                END => passed(end),
                _ => states.get(node.label.as_str()).cloned().unwrap_or_else(not_reached),
            };
            node.mark = Some(Mark::Visit(visit));
            names.push(node.label.clone());
        }
        for edge in self.edges_mut().iter_mut().filter(|edge| edge.kind != EdgeKind::Retry) {
            let way = ways.get(&(names[edge.from.0].as_str(), names[edge.to.0].as_str())).copied();
            let way = way.filter(|(_, caught)| *caught == (edge.kind == EdgeKind::Catch));
            let visit = way.map_or_else(not_reached, |(times, _)| Visit { times, ..passed(VisitEnd::Succeeded) });
            edge.mark = Some(Mark::Visit(visit));
        }
    }
}

fn not_reached() -> Visit {
    Visit { end: VisitEnd::NotReached, times: 0, attempts: 0, took: None, error: None }
}

fn passed(end: VisitEnd) -> Visit {
    Visit { end, times: usize::from(end == VisitEnd::Succeeded), ..not_reached() }
}

/// Adds a visit of a state to those before.
fn enter(of_state: &mut Visit, visit: &StateVisit) {
    of_state.times += 1;
    of_state.attempts += visit.attempts.len();
    let took = visit.left.map_or(0, |left| left - visit.entered);
    let took = Duration::from_millis(u64::try_from(took).unwrap_or_default());
    of_state.took = Some(of_state.took.unwrap_or_default() + took);
    let (end, error) = match &visit.end {
        StateEnd::Exited => (VisitEnd::Succeeded, None),
        StateEnd::Caught { error, .. } => (VisitEnd::Caught, error.clone()),
        StateEnd::Failed { error, .. } => (VisitEnd::Failed, error.clone()),
        StateEnd::Running | StateEnd::Aborted => (VisitEnd::Unfinished, None),
    };
    // What went wrong in one iteration is not hidden by those after it.
    if of_state.times == 1 || end == VisitEnd::Failed || of_state.end != VisitEnd::Failed {
        (of_state.end, of_state.error) = (end, error.or_else(|| of_state.error.take()));
    }
}
