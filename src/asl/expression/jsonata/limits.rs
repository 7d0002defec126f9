//! The limits of the service on the depth, the time and the memory of an evaluation.

use std::time::{Duration, Instant};

use super::error::{Error, Given};

/// Nested evaluations, as on the service: a recursive function takes about three a call.
pub(super) const MAX_DEPTH: usize = 100;
/// Real time that one expression may take; the service has a limit too, which it does not publish. An unoptimized build
/// is slower, and the limits on memory must come first there too.
const MAX_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 5 });
/// Steps between two looks at the clock.
const STEPS: u32 = 1 << 10;
/// Items of a list, as on the service.
pub(super) const MAX_ITEMS: usize = 873_782;
/// Bytes that a value may have, a number counted as eight and a character as one: with them `[1..873782]` and a string
/// of 2^22 characters pass, and one number more and 2^23 do not, as measured on the service.
pub(super) const MAX_WEIGHT: usize = MAX_ITEMS * 8;
/// Bytes that the values of one evaluation may take together, kept or not.
const MAX_MEMORY: usize = 1 << 29;

/// What an evaluation has taken so far.
pub(super) struct Budget {
    depth: usize,
    steps: u32,
    begun: Instant,
    memory: usize,
}

impl Budget {
    pub fn new() -> Self {
        Self { depth: 0, steps: 0, begun: Instant::now(), memory: 0 }
    }

    /// Begins an evaluation within those that have begun; it gives the depth to go back to.
    pub fn enter(&mut self) -> Given<usize> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::Stack);
        }
        self.tick()?;
        self.depth += 1;
        Ok(self.depth - 1)
    }

    /// Evaluations that have begun and not ended.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Ends the evaluations that began beyond a depth.
    pub fn leave(&mut self, depth: usize) {
        self.depth = depth;
    }

    /// Counts a step.
    pub fn tick(&mut self) -> Given<()> {
        self.steps += 1;
        if self.steps >= STEPS {
            self.steps = 0;
            if self.begun.elapsed() > MAX_TIME {
                return Err(Error::Time);
            }
        }
        Ok(())
    }

    /// Counts bytes of memory.
    pub fn take(&mut self, bytes: usize) -> Given<()> {
        self.memory = self.memory.saturating_add(bytes);
        if self.memory > MAX_MEMORY { Err(Error::Memory) } else { Ok(()) }
    }
}

/// An error where a list is longer than it may be.
pub(super) fn fits(items: usize) -> Given<()> {
    if items > MAX_ITEMS { Err(Error::Memory) } else { Ok(()) }
}

/// An error where a value is heavier than it may be.
pub(super) fn bears(weight: usize) -> Given<()> {
    if weight > MAX_WEIGHT { Err(Error::Memory) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use serde_json::json;

    use crate::{
        asl::expression::{
            jsonata::{Expression, tests::Fixed},
            random::Random,
        },
        json::Json,
    };

    fn evaluate(text: &str) -> Result<Json, String> {
        let values = Fixed(Rc::new(RefCell::new(Random::new(0))));
        let expression = Expression::parse(text).unwrap();
        expression.evaluate(&values, "Output").map_err(|fault| fault.cause.unwrap_or_default())
    }

    #[track_caller]
    fn memory(text: &str) {
        let cause = evaluate(text).unwrap_err();
        assert!(cause.ends_with("memory limit exceeded: Check for excessive memory usage"), "{text}: {cause}");
    }

    #[test]
    fn a_string_has_at_most_what_it_has_on_the_service() {
        let doubled = |times: usize| {
            format!("($p := function($s, $n) {{ $n = 0 ? $s : $p($s & $s, $n - 1) }}; $length($p('x', {times})))")
        };
        assert_eq!(evaluate(&doubled(22)), Ok(json!(4_194_304)));
        memory(&doubled(23));
        memory(&doubled(60));
        memory("$length($pad('x', 1e10))");
        memory("$length($pad('x', -6990257))");
        memory("$join([1..800000].('x'), $pad('', 1000000, 'y'))");
        memory("($big := $pad('x', 1000000); [1..800000].($big & 'y'))");
        memory("($big := $pad('', 1000000, 'z'); $replace($pad('', 1000, 'y'), /y/, function($m) { $big }))");
        memory("$replace($pad('', 1000000, 'y'), 'y', $pad('', 1000000, 'z'))");
        memory("$fromMillis(0, '[Y,99999999-99999999]')");
    }

    #[test]
    fn lists_have_at_most_what_they_have_on_the_service() {
        for text in [
            "[1..873783]",
            "[1..1e10]",
            "[-9223372036854775808..9223372036854775807]",
            "$count([1..800000].([1..800000]))",
            "$count($map([1..800000], function($i) { [1..800000] }))",
            "$reduce([1..40], function($a, $v) { [$a, $a] }, [1])",
            "$reduce([1..40], function($a, $v) { {'a': $a, 'b': $a} }, [1])",
            "($f := function($n, $a) { $n = 0 ? $a : $f($n - 1, {'x': $a, 'y': $a}) }; $a := $f(60, 1); $a = $a)",
            "($big := [1..100000]; $count([1..800000].$big))",
            "($big := [1..100000]; $count($map([1..800000], function() { $append($big, 1) })))",
            "($big := [1..100000]; $string($map([1..1000], function($i) { $big })))",
            "($x := [1..3000]; $x@$a.$x@$b.($a + $b))",
            "$range(1, 1e9, 1)",
        ] {
            memory(text);
        }
    }

    #[test]
    fn a_value_of_any_depth_is_made_compared_and_dropped() {
        for (text, answer) in [
            ("$reduce([1..100000], function($a, $v) { {'a': $a} }, 1) = 1", json!(false)),
            (
                "($a := $reduce([1..20000], function($a, $v) { {'a': $a} }, 1); $b := $reduce([1..20000], function($a, $v) { {'a': $a} }, 1); $a = $b)",
                json!(true),
            ),
            ("($f := $reduce([1..100000], function($f, $v) { function() { $f } }, 1); $type($f))", json!("function")),
            ("$count($reduce([1..1000], function($a, $v) { {'a': $a} }, 1).**)", json!(1_001)),
        ] {
            assert_eq!(evaluate(text), Ok(answer), "{text}");
        }
    }
}
