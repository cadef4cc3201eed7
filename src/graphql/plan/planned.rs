//! The result of a field that writes itself where its selection has a plan.
//!
//! To the schema it is what it wraps; without a plan it is resolved as what it wraps.

use super::compile::{Compiler, Plan, Selections};
use super::written::Written;
use crate::graphql::context::Context;
use crate::graphql::scalar::Scalar;
use juniper::macros::reflect::{BaseSubTypes, BaseType, Type, Types, WrappedType, WrappedValue};
use juniper::marker::IsOutputType;
use juniper::meta::MetaType;
use juniper::{
    ArcStr, Arguments, BoxFuture, ExecutionResult, Executor, GraphQLType, GraphQLValue, GraphQLValueAsync,
    Registry, Selection, Value,
};
use std::cell::Cell;

/// An object, an interface's value, or a list or absence of such, that writes itself where it can.
#[derive(Clone, Debug)]
pub struct Planned<T>(pub T);

impl<T> FromIterator<T> for Planned<Vec<T>> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Planned<Vec<T>> {
        Planned(items.into_iter().collect())
    }
}

thread_local! {
    static IS_WRITING: Cell<bool> = const { Cell::new(false) };
}

/// Whether something writes itself by a plan on this thread now.
pub fn is_writing() -> bool {
    IS_WRITING.get()
}

/// While it lives, something writes itself; one that is begun within another ends with that other.
pub(super) struct Writing(bool);

impl Writing {
    /// Begins.
    pub(super) fn begin() -> Writing {
        Writing(IS_WRITING.replace(true))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        IS_WRITING.set(self.0);
    }
}

/// What juniper asks of a type of which everything is answered on one context.
pub trait Ordinary: GraphQLValue<Scalar, Context = Context, TypeInfo = ()> + BaseType<Scalar> {}

impl<T> Ordinary for T where T: GraphQLValue<Scalar, Context = Context, TypeInfo = ()> + BaseType<Scalar> {}

impl<T: Ordinary + Written> Planned<T> {
    /// The whole subtree as JSON; none where there is no plan for it.
    fn written(
        &self,
        selections: Option<Selections<'_>>,
        executor: &Executor<'_, '_, Context, Scalar>,
    ) -> Option<Value<Scalar>> {
        let context = executor.context();
        let plans = context.plans.as_deref()?;
        let selections = selections.filter(|_| self.0.is_writable())?;
        let compile = || T::compile(&mut Compiler::new(executor), &[selections]);
        let found = plans.find(selections, <T as BaseType<Scalar>>::NAME, compile)?;
        let mut out = found.room();
        {
            let _writing = Writing::begin();
            self.0.write(context, found.plan, &mut out);
        }
        found.wrote(out.len());
        Some(Value::Scalar(Scalar::Json(out)))
    }
}

impl<T: Ordinary + Written> GraphQLValue<Scalar> for Planned<T> {
    type Context = Context;
    type TypeInfo = ();

    fn type_name(&self, info: &()) -> Option<ArcStr> {
        self.0.type_name(info)
    }

    fn resolve_field(
        &self,
        info: &(),
        field_name: &str,
        arguments: &Arguments<Scalar>,
        executor: &Executor<Context, Scalar>,
    ) -> ExecutionResult<Scalar> {
        self.0.resolve_field(info, field_name, arguments, executor)
    }

    // A fragment on the same object has to answer with an object to be merged: never from a plan.
    fn resolve_into_type(
        &self,
        info: &(),
        type_name: &str,
        selections: Option<&[Selection<Scalar>]>,
        executor: &Executor<Context, Scalar>,
    ) -> ExecutionResult<Scalar> {
        self.0.resolve_into_type(info, type_name, selections, executor)
    }

    fn concrete_type_name(&self, context: &Context, info: &()) -> String {
        self.0.concrete_type_name(context, info)
    }

    fn resolve(
        &self,
        info: &(),
        selections: Option<&[Selection<Scalar>]>,
        executor: &Executor<Context, Scalar>,
    ) -> ExecutionResult<Scalar> {
        match self.written(selections, executor) {
            Some(written) => Ok(written),
            None => self.0.resolve(info, selections, executor),
        }
    }
}

impl<T: Ordinary + Written + GraphQLValueAsync<Scalar>> GraphQLValueAsync<Scalar> for Planned<T> {
    fn resolve_field_async<'a>(
        &'a self,
        info: &'a (),
        field_name: &'a str,
        arguments: &'a Arguments<Scalar>,
        executor: &'a Executor<Context, Scalar>,
    ) -> BoxFuture<'a, ExecutionResult<Scalar>> {
        self.0.resolve_field_async(info, field_name, arguments, executor)
    }

    fn resolve_into_type_async<'a>(
        &'a self,
        info: &'a (),
        type_name: &str,
        selections: Option<&'a [Selection<'a, Scalar>]>,
        executor: &'a Executor<'a, 'a, Context, Scalar>,
    ) -> BoxFuture<'a, ExecutionResult<Scalar>> {
        self.0.resolve_into_type_async(info, type_name, selections, executor)
    }

    fn resolve_async<'a>(
        &'a self,
        info: &'a (),
        selections: Option<&'a [Selection<Scalar>]>,
        executor: &'a Executor<Context, Scalar>,
    ) -> BoxFuture<'a, ExecutionResult<Scalar>> {
        match self.written(selections, executor) {
            Some(written) => Box::pin(std::future::ready(Ok(written))),
            None => self.0.resolve_async(info, selections, executor),
        }
    }
}

impl<T: Ordinary + Written + GraphQLType<Scalar>> GraphQLType<Scalar> for Planned<T> {
    fn name(info: &()) -> Option<ArcStr> {
        T::name(info)
    }

    fn meta(info: &(), registry: &mut Registry<Scalar>) -> MetaType<Scalar> {
        T::meta(info, registry)
    }
}

impl<T: Ordinary + Written + IsOutputType<Scalar>> IsOutputType<Scalar> for Planned<T> {
    fn mark() {
        T::mark();
    }
}

impl<T: BaseType<Scalar>> BaseType<Scalar> for Planned<T> {
    const NAME: Type = T::NAME;
}

impl<T: BaseSubTypes<Scalar>> BaseSubTypes<Scalar> for Planned<T> {
    const NAMES: Types = T::NAMES;
}

impl<T: WrappedType<Scalar>> WrappedType<Scalar> for Planned<T> {
    const VALUE: WrappedValue = T::VALUE;
}

/// A planned field inside a subtree that is planned.
impl<T: Written> Written for Planned<T> {
    fn compile(compiler: &mut Compiler<'_>, together: &[Selections<'_>]) -> Option<Plan> {
        T::compile(compiler, together)
    }

    fn write(&self, context: &Context, plan: &Plan, out: &mut String) {
        self.0.write(context, plan, out);
    }

    fn is_writable(&self) -> bool {
        self.0.is_writable()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn it_is_known_while_something_writes_itself_and_not_after_though_that_breaks() {
        assert!(!is_writing());
        {
            let _outer = Writing::begin();
            drop(Writing::begin());
            assert!(is_writing());
        }
        assert!(!is_writing());
        let broken = catch_unwind(|| {
            let _writing = Writing::begin();
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(broken.is_err() && !is_writing());
    }
}
