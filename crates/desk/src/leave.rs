//! A visitor who leaves at the kiosk. The code of the pass is the proof; nothing else can be done there.

use vestibule_domain::visitor::masked_name;
use vestibule_domain::{PassCode, ShortCode};
use vestibule_store::PassRow;

use crate::{CodePurpose, CodeShown, Desk, Failure, FailureCode};

impl Desk {
    /// Signs out whoever holds the pass with this code or short form, as reception does.
    pub(crate) fn leave_with(&self, text: &str) -> Result<CodeShown, Failure> {
        let row = self.pass_of_code(text)?.ok_or_else(|| Failure::of(FailureCode::NotFound))?;
        let visit = self.inner.store.visit(row.pass.visit)?;
        if visit.left_at.is_some() {
            return Err(Failure::of(FailureCode::AlreadyLeft));
        }
        self.sign_out_now(visit.id)?;
        let name = masked_name(&visit.name);
        Ok(CodeShown { purpose: CodePurpose::Leave, name, host: String::new(), ticket: None })
    }

    fn pass_of_code(&self, text: &str) -> Result<Option<PassRow>, Failure> {
        let text = text.trim();
        if let Some(code) = PassCode::plausible(text)
            && let Some(row) = self.inner.store.pass_by_code(&code)?
        {
            return Ok(Some(row));
        }
        let Some(short) = ShortCode::typed(text) else { return Ok(None) };
        Ok(self.inner.store.pass_by_short_code(&short)?)
    }
}
