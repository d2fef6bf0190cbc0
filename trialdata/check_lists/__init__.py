"""The checks by what they are about; trialdata/check_list.py has them all."""
