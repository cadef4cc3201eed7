//! Values that write themselves: leaves, what wraps others, and objects by their shapes.

use super::compile::{Compiler, Plan, Selections, Shape};
use crate::graphql::context::Context;
use crate::graphql::json;
use crate::graphql::scalar::{LocalDate, Scalar};
use juniper::{ID, InputValue, ToInputValue};

/// A value of an answer that can write itself as JSON.
pub trait Written {
    /// The plan by which it writes what several selection sets together ask of it; none where it cannot.
    fn compile(compiler: &mut Compiler<'_>, together: &[Selections<'_>]) -> Option<Plan>;

    /// Appends it, by a plan that was compiled for its type.
    fn write(&self, context: &Context, plan: &Plan, out: &mut String);

    /// Whether this value has a writer, where not every value of its type has one.
    fn is_writable(&self) -> bool {
        true
    }
}

/// Appends an object by its plan.
pub fn object<T: Shape>(of: &T, context: &Context, plan: &Plan, out: &mut String) {
    out.push('{');
    for step in &plan.steps {
        out.push_str(&step.key);
        if let Some((field, plan)) = &step.field {
            (T::FIELDS[*field].write)(of, context, plan, out);
        }
    }
    out.push('}');
}

/// Makes a type without fields one that can be written.
macro_rules! leaf {
    ($type:ty, |$value:ident, $out:ident| $append:expr) => {
        impl Written for $type {
            fn compile(_: &mut Compiler<'_>, together: &[Selections<'_>]) -> Option<Plan> {
                together.is_empty().then(Plan::default)
            }

            fn write(&self, _: &Context, _: &Plan, $out: &mut String) {
                let $value = self;
                $append;
            }
        }
    };
}

pub(super) use leaf;

leaf!(&str, |value, out| json::text(value, out));
leaf!(String, |value, out| json::text(value, out));
leaf!(ID, |value, out| json::text(value, out));
leaf!(i32, |value, out| json::int(*value, out));
leaf!(bool, |value, out| json::truth(*value, out));
leaf!(LocalDate, |value, out| {
    out.push('"');
    json::day(value.0, out);
    out.push('"');
});

/// Appends a value of an enum by its name in the schema.
pub fn name_of(value: &impl ToInputValue<Scalar>, out: &mut String) {
    match value.to_input_value() {
        InputValue::Scalar(Scalar::String(name)) | InputValue::Enum(name) => json::text(&name, out),
        _ => out.push_str("null"),
    }
}

impl<T: Written> Written for Option<T> {
    fn compile(compiler: &mut Compiler<'_>, together: &[Selections<'_>]) -> Option<Plan> {
        T::compile(compiler, together)
    }

    fn write(&self, context: &Context, plan: &Plan, out: &mut String) {
        match self {
            Some(value) => value.write(context, plan, out),
            None => out.push_str("null"),
        }
    }

    fn is_writable(&self) -> bool {
        self.as_ref().is_none_or(T::is_writable)
    }
}

impl<T: Written> Written for Vec<T> {
    fn compile(compiler: &mut Compiler<'_>, together: &[Selections<'_>]) -> Option<Plan> {
        T::compile(compiler, together)
    }

    fn write(&self, context: &Context, plan: &Plan, out: &mut String) {
        out.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            item.write(context, plan, out);
        }
        out.push(']');
    }

    fn is_writable(&self) -> bool {
        self.iter().all(T::is_writable)
    }
}
