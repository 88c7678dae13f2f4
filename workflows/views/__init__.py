"""Define what the services hand to the fronts: frozen, already decrypted and masked for whoever asked."""

from workflows.views.bills import BillLine, BillView, DueBill, ExpectedFee, ExpectedLine, JointBillView
from workflows.views.cases import (
    CaseRow,
    CaseView,
    DocumentView,
    Holder,
    LicenceView,
    MarkView,
    Permitted,
    PublicNotice,
    SignersView,
    StandstillView,
    SupplementView,
    SweepFinding,
    TimelineEntry,
)
from workflows.views.drafts import ConditionView, DraftView, LiveRules, PageView
from workflows.views.fields import FieldView, MaterialView
from workflows.views.involved import InvolvedCase, InvolvedView, TurnView
from workflows.views.items import ItemRow
from workflows.views.parts import PartView, WholeView
from workflows.views.queues import Card, ExternalTask, QueueFilters, QueueOrder, QueuePlace, QueueRow
from workflows.views.rules import FailedRule
from workflows.views.voices import ObjectionView, OpinionView, VoteView
from workflows.views.work import ActView, Assignable, WorkView

__all__ = [
    "ActView",
    "Assignable",
    "BillLine",
    "BillView",
    "Card",
    "CaseRow",
    "CaseView",
    "ConditionView",
    "DocumentView",
    "DraftView",
    "DueBill",
    "ExpectedFee",
    "ExpectedLine",
    "ExternalTask",
    "FailedRule",
    "FieldView",
    "Holder",
    "InvolvedCase",
    "InvolvedView",
    "ItemRow",
    "JointBillView",
    "LicenceView",
    "LiveRules",
    "MarkView",
    "MaterialView",
    "ObjectionView",
    "OpinionView",
    "PageView",
    "PartView",
    "Permitted",
    "PublicNotice",
    "QueueFilters",
    "QueueOrder",
    "QueuePlace",
    "QueueRow",
    "SignersView",
    "StandstillView",
    "SupplementView",
    "SweepFinding",
    "TimelineEntry",
    "TurnView",
    "VoteView",
    "WholeView",
    "WorkView",
]
