"""The outputs about safety, exposure and disposition."""

from functools import partial

from outputs.entry import TABLE, Entry
from outputs.safety import (
    adverse_butterfly,
    adverse_course,
    adverse_differences,
    adverse_dots,
    adverse_duration,
    adverse_grades,
    adverse_interest,
    adverse_overview,
    adverse_rates,
    adverse_recurrence,
    adverse_terms,
    adverse_volcano,
    bleeding,
    bleeding_counts,
    bleeding_rates,
    evans,
    exposure_doses,
    exposure_time,
    immunity,
    interruptions,
    laboratory_course,
    laboratory_grades,
    laboratory_range,
    liver,
    rescue,
    steroid_sparing,
    steroids,
    treatments_given,
)

_entry = partial(Entry, "safety")

ENTRIES = (
    _entry(
        "adverse_overview",
        "Adverse events: how many participants had any",
        adverse_overview.adverse_overview_output,
    ),
    _entry(
        "adverse_terms",
        "Adverse events by class and term",
        adverse_terms.adverse_terms_output,
    ),
    _entry(
        "adverse_differences",
        "Adverse events: difference and ratio by term",
        adverse_differences.adverse_differences_output,
    ),
    _entry("adverse_grades", "Adverse events by worst grade", adverse_grades.adverse_grades_output),
    _entry(
        "adverse_rates",
        "Adverse events per 100 patient-years",
        adverse_rates.adverse_rates_output,
    ),
    _entry(
        "adverse_interest",
        "Adverse events of special interest and the terms in them",
        adverse_interest.adverse_interest_output,
    ),
    _entry("adverse_dots", "Share and difference of each term", adverse_dots.adverse_dots_output),
    _entry("adverse_volcano", "Screening of all terms", adverse_volcano.adverse_volcano_output),
    _entry(
        "adverse_butterfly",
        "Worst grade by term, arm against arm",
        adverse_butterfly.adverse_butterfly_output,
    ),
    _entry("adverse_onset", "First adverse event over time", adverse_course.adverse_onset_output),
    _entry("adverse_periods", "First adverse events in each period", adverse_course.adverse_periods_output),
    _entry("adverse_duration", "How long adverse events last", adverse_duration.adverse_duration_output),
    _entry(
        "adverse_recurrence", "Adverse events that come again", adverse_recurrence.adverse_recurrence_output
    ),
    _entry("bleeding_rates", "Any and clinically significant bleeding", bleeding_rates.bleeding_rates_output),
    _entry("bleeding_by_visit", "Bleeding grade at each visit", bleeding.bleeding_by_visit_output),
    _entry("bleeding_shift", "Bleeding from baseline to worst", bleeding.bleeding_shift_output),
    _entry("bleeding_free", "Free of clinically significant bleeding", bleeding_rates.bleeding_free_output),
    _entry(
        "bleeding_by_count", "Bleeding grade and platelet count", bleeding_counts.bleeding_by_count_output
    ),
    _entry("bleeding_discordant", "Bleeding against the count", bleeding_counts.bleeding_discordant_output),
    _entry(
        "laboratory_course", "One laboratory parameter over time", laboratory_course.laboratory_course_output
    ),
    _entry(
        "laboratory_shift",
        "Laboratory grade at baseline and worst after",
        laboratory_grades.laboratory_shift_output,
    ),
    _entry("laboratory_grades", "Worst laboratory grades", laboratory_grades.laboratory_grades_output),
    _entry(
        "laboratory_range", "Values outside the limits of normal", laboratory_range.laboratory_range_output
    ),
    _entry("liver", "Serious hepatotoxicity (eDISH)", liver.liver_output, leaves=TABLE),
    _entry("liver_cases", "Potential Hy’s law cases", liver.liver_cases_output, participant_level=True),
    _entry("evans", "Haemolysis in Evans syndrome", evans.evans_output),
    _entry("antibodies", "Antibodies from baseline to the last result", immunity.antibodies_output),
    _entry("immunity", "Low immunoglobulin G and depleted B cells", immunity.immunity_output),
    _entry("exposure_doses", "Doses given and planned", exposure_doses.exposure_doses_output),
    _entry(
        "treatments_given",
        "What was given: drugs, combinations, and responders by combination",
        treatments_given.treatments_given_output,
    ),
    _entry("exposure_time", "Time on treatment", exposure_time.exposure_time_output),
    _entry(
        "exposure_interruptions",
        "Interruptions and changes of dose, with reasons",
        interruptions.exposure_interruptions_output,
    ),
    _entry("steroid_dose", "Corticosteroid dose over time, and cumulative", steroids.steroid_dose_output),
    _entry(
        "steroid_sparing",
        "Off corticosteroid, or on less, at a landmark week",
        steroid_sparing.steroid_sparing_output,
    ),
    _entry("steroid_stop", "Time to corticosteroid stop", steroids.steroid_stop_output),
    _entry("rescue_use", "Rescue by class, with reasons", rescue.rescue_use_output),
    _entry("time_to_rescue", "Time to first rescue", rescue.time_to_rescue_output),
    _entry("concomitant", "Other concomitant medication", rescue.concomitant_output),
)
