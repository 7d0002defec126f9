//! Enumerations of AWS, which grow.

/// An enumeration of AWS's as an open set: a constant for each value that is known, and `other` for the rest. A text is
/// none of it, so that a typing error does not compile; the compiler then says the constants, which `$known` lists.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident $known:literal { $($constant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl $name {
            $(
                #[doc = concat!("`", $value, "`.")]
                pub const $constant: Self = Self(std::borrow::Cow::Borrowed($value));
            )*

            /// A value that AWS has added since the constants were generated.
            pub fn other(value: impl Into<std::borrow::Cow<'static, str>>) -> Self {
                Self(value.into())
            }

            /// The value as AWS spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        const _: () = {
            /// What nothing is: the compiler says of a text that is given for the enumeration that this is missing.
            #[diagnostic::on_unimplemented(
                message = "a property of type `{Self}` cannot be set from a text",
                label = "expected a constant of `{Self}`",
                note = $known,
                note = "`{Self}::other(\"..\")` takes a value that AWS has added since, `.cast()` an intrinsic that yields a text"
            )]
            pub trait Text<'a>: Sized {
                fn text(text: &'a str) -> $crate::value::Value<Self>;
            }

            impl<'a> $crate::value::FromText<'a> for $name
            where
                $name: Text<'a>,
            {
                fn from_text(text: &'a str) -> $crate::value::Value<Self> {
                    Text::text(text)
                }
            }
        };
    };
}
pub(crate) use open_enum;
