//! The nodes of a tree.

use jsonata_core::ast::{AstNode, BinaryOp, Stage};

/// Calls the function for each node that stands in this one.
pub(super) fn children(node: &mut AstNode, each: &mut dyn FnMut(&mut AstNode)) {
    let pairs = |members: &mut Vec<(AstNode, AstNode)>, each: &mut dyn FnMut(&mut AstNode)| {
        for (key, value) in members {
            each(key);
            each(value);
        }
    };
    match node {
        AstNode::Path { steps } => {
            for step in steps {
                each(&mut step.node);
                for stage in &mut step.stages {
                    if let Stage::Filter(predicate) = stage {
                        each(predicate);
                    }
                }
            }
        }
        AstNode::Binary { op, lhs, rhs } => {
            // The name that is assigned stands for no value.
            if *op != BinaryOp::ColonEqual {
                each(lhs);
            }
            each(rhs);
        }
        AstNode::Unary { operand: inner, .. }
        | AstNode::Lambda { body: inner, .. }
        | AstNode::FunctionApplication(inner) => {
            each(inner);
        }
        AstNode::Function { args, .. } | AstNode::Array(args) | AstNode::ArrayGroup(args) | AstNode::Block(args) => {
            args.iter_mut().for_each(each);
        }
        AstNode::Call { procedure, args } => {
            each(procedure);
            args.iter_mut().for_each(each);
        }
        AstNode::Object(members) => pairs(members, each),
        AstNode::ObjectTransform { input, pattern } => {
            each(input);
            pairs(pattern, each);
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            each(condition);
            each(then_branch);
            if let Some(branch) = else_branch {
                each(branch);
            }
        }
        AstNode::Sort { input, terms } => {
            each(input);
            terms.iter_mut().for_each(|(term, _)| each(term));
        }
        AstNode::Transform { location, update, delete } => {
            each(location);
            each(update);
            if let Some(delete) = delete {
                each(delete);
            }
        }
        _ => {}
    }
}
