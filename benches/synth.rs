//! How fast stacks become templates, checks included: `cargo bench --bench synth`.

use divan::{Bencher, counter::ItemsCount};
use formwork::Stack;

#[allow(dead_code, unused_imports, reason = "a benchmark is built with the modules of tests, and has none")]
#[path = "../stacks/coffee_report/mod.rs"]
mod coffee_report;
#[path = "../examples/many.rs"]
#[allow(dead_code, reason = "the example is a program of its own")]
mod many;

/// Resources that a copy of the example's has.
const RESOURCES_A_COPY: usize = 5;

fn main() {
    divan::main();
}

/// The template as YAML, and how many faults the checks found.
fn synth(stack: &Stack) -> (String, usize) {
    let (template, diagnostics) = stack.synthesize();
    (template.to_yaml(), diagnostics.len())
}

/// What `coffee-report synth` does, from composing the stack on.
#[divan::bench]
fn coffee_report_from_its_functions(bencher: Bencher) {
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| {
        let (template, faults) = synth(&coffee_report::stack());
        assert_eq!(faults, 0);
        template
    });
}

/// The same without composing the stack.
#[divan::bench]
fn coffee_report(bencher: Bencher) {
    let stack = coffee_report::stack();
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| synth(&stack));
}

/// Topics and queues with their policies. CloudFormation takes at most 500 of them, so the last stack has a fault.
#[divan::bench(args = [100, 1_000])]
fn generated(bencher: Bencher, resources: usize) {
    let stack = many::stack(resources / RESOURCES_A_COPY);
    bencher.counter(ItemsCount::new(resources)).bench_local(|| {
        let (template, faults) = synth(&stack);
        assert_eq!(faults > 0, resources > 500);
        template
    });
}
